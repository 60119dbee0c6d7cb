package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

type snapshot struct{ Cluster, Name string }

func handle(ctx context.Context, in snapshot) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := rds.NewFromConfig(cfg)
	if _, err = client.CreateDBClusterSnapshot(ctx, &rds.CreateDBClusterSnapshotInput{
		DBClusterIdentifier:         aws.String(in.Cluster),
		DBClusterSnapshotIdentifier: aws.String(in.Name),
	}); err != nil {
		return err
	}
	waiter := rds.NewDBClusterSnapshotAvailableWaiter(client)
	return waiter.Wait(ctx, &rds.DescribeDBClusterSnapshotsInput{DBClusterSnapshotIdentifier: &in.Name}, 10*time.Minute)
}

func main() { lambda.Start(handle) }
