package main

import (
	"context"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type queueAPI interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
}

type worker struct {
	queue  queueAPI
	topic  *sns.Client
	source string
}

func (w worker) handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	var failed []events.SQSBatchItemFailure
	for _, message := range batch.Records {
		if err := w.one(ctx, message); err != nil {
			failed = append(failed, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			_, _ = w.queue.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
				QueueUrl:          aws.String(w.source),
				ReceiptHandle:     aws.String(message.ReceiptHandle),
				VisibilityTimeout: 30,
			})
		}
	}
	return events.SQSEventResponse{BatchItemFailures: failed}, nil
}

func (w worker) one(ctx context.Context, message events.SQSMessage) error {
	tries, _ := strconv.Atoi(message.Attributes["ApproximateReceiveCount"])
	if tries > 3 {
		_, err := w.queue.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl:    aws.String(os.Getenv("PARKED_URL")),
			MessageBody: aws.String(message.Body),
		})
		return err
	}
	_, err := w.topic.Publish(ctx, &sns.PublishInput{TopicArn: aws.String(os.Getenv("DONE_TOPIC")), Message: &message.Body})
	return err
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	lambda.Start(worker{queue: sqs.NewFromConfig(cfg), topic: sns.NewFromConfig(cfg), source: os.Getenv("QUEUE_URL")}.handle)
}
