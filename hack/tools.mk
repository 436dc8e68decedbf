# The tools, at the versions we pin. They are built into bin/tools and never into
# our modules. A stamp tells which version stands there, and which Go built it.

TOOLS := $(CURDIR)/bin/tools
GOVERSION := $(shell go env GOVERSION)

# $(call tool,name,package,version)
define tool
$(TOOLS)/.$(1)-$(3)-$(GOVERSION):
	@echo "building $(1) $(3) once"
	@mkdir -p $(TOOLS)
	@GOBIN=$(TOOLS) go install $(2)@$(3)
	@rm -f $(TOOLS)/.$(1)-v*
	@touch $$@
$(1) := $(TOOLS)/.$(1)-$(3)-$(GOVERSION)
endef

$(eval $(call tool,golangci-lint,github.com/golangci/golangci-lint/v2/cmd/golangci-lint,v2.15.0))
$(eval $(call tool,workflowcheck,go.temporal.io/sdk/contrib/tools/workflowcheck,v0.6.0))
$(eval $(call tool,deadcode,golang.org/x/tools/cmd/deadcode,v0.52.0))
$(eval $(call tool,gotestsum,gotest.tools/gotestsum,v1.13.0))
$(eval $(call tool,oapi-codegen,github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen,v2.8.2))
$(eval $(call tool,govulncheck,golang.org/x/vuln/cmd/govulncheck,v1.8.0))

.PHONY: tools-lint tools-test tools-generate tools-verify
tools-lint: $(golangci-lint) $(workflowcheck) $(deadcode)
tools-test: $(gotestsum)
tools-generate: $(oapi-codegen)
tools-verify: $(govulncheck)
