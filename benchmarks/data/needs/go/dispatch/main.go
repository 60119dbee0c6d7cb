package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

type command struct {
	Action   string `json:"action"`
	Instance string `json:"instance"`
}

type action func(context.Context, *ec2.Client, string) error

var actions = map[string]action{
	"start": func(ctx context.Context, c *ec2.Client, id string) error {
		_, err := c.StartInstances(ctx, &ec2.StartInstancesInput{InstanceIds: []string{id}})
		return err
	},
	"stop":   stop,
	"reboot": reboot,
}

func stop(ctx context.Context, c *ec2.Client, id string) error {
	_, err := c.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{id}})
	return err
}

func reboot(ctx context.Context, c *ec2.Client, id string) error {
	if os.Getenv("ALLOW_REBOOT") != "yes" {
		return fmt.Errorf("not allowed")
	}
	_, err := c.RebootInstances(ctx, &ec2.RebootInstancesInput{InstanceIds: []string{id}, DryRun: aws.Bool(false)})
	return err
}

func terminate(ctx context.Context, c *ec2.Client, id string) error {
	_, err := c.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
	return err
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	client := ec2.NewFromConfig(cfg)
	lambda.Start(func(ctx context.Context, in command) error {
		run, ok := actions[in.Action]
		if !ok {
			return fmt.Errorf("no action %q", in.Action)
		}
		return run(ctx, client, in.Instance)
	})
}
