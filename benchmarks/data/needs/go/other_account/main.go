package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func handle(ctx context.Context) error {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), os.Getenv("READER_ROLE"))
	theirs := cfg.Copy()
	theirs.Credentials = aws.NewCredentialsCache(provider)
	instances, err := ec2.NewFromConfig(theirs).DescribeInstances(ctx, &ec2.DescribeInstancesInput{})
	if err != nil {
		return err
	}
	count := float64(len(instances.Reservations))
	_, err = cloudwatch.NewFromConfig(cfg).PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace:  aws.String("Fleet"),
		MetricData: []types.MetricDatum{{MetricName: aws.String("Instances"), Value: &count}},
	})
	return err
}

func main() { lambda.Start(handle) }
