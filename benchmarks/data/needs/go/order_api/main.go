package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var (
	table = os.Getenv("ORDERS_TABLE")
	db    *dynamodb.Client
)

type order struct {
	ID    string `json:"id" dynamodbav:"id"`
	Total int    `json:"total" dynamodbav:"total"`
}

func init() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	db = dynamodb.NewFromConfig(cfg)
}

func get(ctx context.Context, id string) (*order, error) {
	out, err := db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(table),
		Key:       map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil || out.Item == nil {
		return nil, err
	}
	var found order
	return &found, attributevalue.UnmarshalMap(out.Item, &found)
}

func put(ctx context.Context, body string) error {
	var given order
	if err := json.Unmarshal([]byte(body), &given); err != nil {
		return err
	}
	item, err := attributevalue.MarshalMap(given)
	if err != nil {
		return err
	}
	_, err = db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: item})
	return err
}

func handle(ctx context.Context, r events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	switch r.HTTPMethod {
	case "GET":
		found, err := get(ctx, r.PathParameters["id"])
		if err != nil || found == nil {
			return events.APIGatewayProxyResponse{StatusCode: 404}, err
		}
		body, _ := json.Marshal(found)
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: string(body)}, nil
	case "POST":
		return events.APIGatewayProxyResponse{StatusCode: 201}, put(ctx, r.Body)
	}
	return events.APIGatewayProxyResponse{StatusCode: 405}, nil
}

func main() { lambda.Start(handle) }
