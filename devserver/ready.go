package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const (
	readyWithin = 30 * time.Second
	askEvery    = 20 * time.Millisecond
)

// awaitReady asks until everything answers. A ctx that ends first is no fault:
// somebody wants us to stop.
func (s *server) awaitReady(ctx context.Context) error {
	connection, err := grpc.NewClient("passthrough:///"+s.frontend(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	within, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		err := s.ask(within, connection)
		switch {
		case err == nil || ctx.Err() != nil:
			return nil
		case within.Err() != nil:
			return fmt.Errorf("the server is not ready after %s: %w", readyWithin, err)
		}
		time.Sleep(askEvery)
	}
}

func (s *server) ask(ctx context.Context, connection *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	health, err := healthpb.NewHealthClient(connection).Check(ctx, &healthpb.HealthCheckRequest{
		Service: workflowservice.WorkflowService_ServiceDesc.ServiceName,
	})
	if err != nil {
		return err
	}
	if health.Status != healthpb.HealthCheckResponse_SERVING {
		return fmt.Errorf("frontend is %s", health.Status)
	}
	for _, namespace := range s.opts.namespaces {
		if err := canLookUp(ctx, connection, namespace); err != nil {
			return err
		}
	}
	if s.ui != nil {
		if err := answers(ctx, s.uiURL()+"/healthz"); err != nil {
			return err
		}
	}
	if s.ports.metrics != 0 {
		return answers(ctx, s.metricsURL())
	}
	return nil
}

// canLookUp asks for a workflow that cannot be there: only a server whose history
// service owns its shards can say so.
func canLookUp(ctx context.Context, connection *grpc.ClientConn, namespace string) error {
	_, err := workflowservice.NewWorkflowServiceClient(connection).DescribeWorkflowExecution(ctx, &workflowservice.DescribeWorkflowExecutionRequest{
		Namespace: namespace,
		Execution: &commonpb.WorkflowExecution{WorkflowId: "recourse-devserver-is-ready"},
	})
	err = serviceerror.FromStatus(status.Convert(err))
	if _, absent := errors.AsType[*serviceerror.NotFound](err); absent {
		return nil
	}
	return err
}

func answers(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}
