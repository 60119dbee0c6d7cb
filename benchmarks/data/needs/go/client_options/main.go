package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

type sink interface {
	write(ctx context.Context, data [][]byte) error
}

type stream struct{ api *kinesis.Client }

func (s stream) write(ctx context.Context, data [][]byte) error {
	for _, one := range data {
		_, err := s.api.PutRecord(ctx, &kinesis.PutRecordInput{
			StreamName:   aws.String(os.Getenv("STREAM")),
			PartitionKey: aws.String("all"),
			Data:         one,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type delivery struct{ api *firehose.Client }

func (d *delivery) write(ctx context.Context, data [][]byte) error {
	records := []types.Record{}
	for _, one := range data {
		records = append(records, types.Record{Data: one})
	}
	_, err := d.api.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{
		DeliveryStreamName: aws.String(os.Getenv("DELIVERY")),
		Records:            records,
	})
	return err
}

func choose(cfg aws.Config) sink {
	if os.Getenv("LIVE") == "" {
		return &delivery{api: firehose.New(firehose.Options{Region: cfg.Region, Credentials: cfg.Credentials})}
	}
	return stream{api: kinesis.NewFromConfig(cfg, func(o *kinesis.Options) {
		o.Retryer = retry.AddWithMaxBackoffDelay(retry.NewStandard(), time.Second)
	})}
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	to := choose(cfg)
	lambda.Start(func(ctx context.Context, lines []string) error {
		data := make([][]byte, len(lines))
		for i, line := range lines {
			data[i] = []byte(line)
		}
		return to.write(ctx, data)
	})
}
