package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

type clients struct {
	steps     *sfn.Client
	functions *awslambda.Client
}

func connect(ctx context.Context) (*clients, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return &clients{steps: sfn.NewFromConfig(cfg), functions: awslambda.NewFromConfig(cfg)}, nil
}

func handle(ctx context.Context, event events.DynamoDBEvent) error {
	c, err := connect(ctx)
	if err != nil {
		return err
	}
	for _, record := range event.Records {
		input, err := json.Marshal(record.Change.NewImage)
		if err != nil {
			return err
		}
		if record.EventName == "REMOVE" {
			_, err = c.functions.Invoke(ctx, &awslambda.InvokeInput{
				FunctionName:   aws.String(os.Getenv("ARCHIVER")),
				InvocationType: types.InvocationTypeEvent,
				Payload:        input,
			})
		} else {
			_, err = c.steps.StartExecution(ctx, &sfn.StartExecutionInput{
				StateMachineArn: aws.String(os.Getenv("MACHINE_ARN")),
				Input:           aws.String(string(input)),
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func main() { lambda.Start(handle) }
