package store

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Orders finds what somebody has ordered.
type Orders interface {
	Of(ctx context.Context, customer string) ([]string, error)
}

type orders struct {
	client *dynamodb.Client
}

func New(cfg aws.Config) Orders { return &orders{client: dynamodb.NewFromConfig(cfg)} }

func (o *orders) Of(ctx context.Context, customer string) ([]string, error) {
	condition := expression.Key("customer").Equal(expression.Value(customer))
	built, err := expression.NewBuilder().WithKeyCondition(condition).Build()
	if err != nil {
		return nil, err
	}
	input := &dynamodb.QueryInput{
		TableName:                 aws.String(os.Getenv("ORDERS")),
		KeyConditionExpression:    built.KeyCondition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	}
	pages := dynamodb.NewQueryPaginator(o.client, input)
	var out []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for range page.Items {
			out = append(out, customer)
		}
	}
	return out, nil
}

// Purge is used by a tool of ours, not by the function.
func (o *orders) Purge(ctx context.Context) error {
	_, err := o.client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String(os.Getenv("ORDERS"))})
	return err
}
