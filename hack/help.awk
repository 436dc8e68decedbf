# Prints the targets of a Makefile with the text after their ##, under the ##@ headings.
BEGIN { FS = ":.*## " }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $1, $2 }
