package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

type repository[T any] struct {
	client *dynamodb.Client
	table  string
}

func newRepository[T any](client *dynamodb.Client, table string) *repository[T] {
	return &repository[T]{client: client, table: table}
}

func (r *repository[T]) save(ctx context.Context, item T) error {
	values, err := attributevalue.MarshalMap(item)
	if err != nil {
		return err
	}
	_, err = r.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(r.table), Item: values})
	return err
}

func (r *repository[T]) all(ctx context.Context) ([]T, error) {
	out, err := r.client.Scan(ctx, &dynamodb.ScanInput{TableName: aws.String(r.table)})
	if err != nil {
		return nil, err
	}
	var found []T
	return found, attributevalue.UnmarshalListOfMaps(out.Items, &found)
}

type customer struct{ ID string }

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	customers := newRepository[customer](dynamodb.NewFromConfig(cfg), os.Getenv("CUSTOMERS"))
	lambda.Start(func(ctx context.Context, one customer) (int, error) {
		if err := customers.save(ctx, one); err != nil {
			return 0, err
		}
		every, err := customers.all(ctx)
		return len(every), err
	})
}
