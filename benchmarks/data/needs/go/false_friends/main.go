package main

import (
	"context"
	"database/sql"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	_ "github.com/lib/pq"
)

var secrets *secretsmanager.Client

type bus struct{ client mqtt.Client }

func (b bus) Publish(topic string, text string) { b.client.Publish(topic, 0, false, text).Wait() }

type cache map[string]string

func (c cache) GetItem(key string) string   { return c[key] }
func (c cache) PutItem(key string, v string) { c[key] = v }

func handle(ctx context.Context, id string) (string, error) {
	found, err := secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(os.Getenv("DB_SECRET"))})
	if err != nil {
		return "", err
	}
	db, err := sql.Open("postgres", *found.SecretString)
	if err != nil {
		return "", err
	}
	kept := cache{}
	rows, err := db.Query("select name from people where id = $1", id)
	if err != nil {
		return "", err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		kept.PutItem(id, name)
	}
	b := bus{client: mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://broker:1883"))}
	b.Publish("people", kept.GetItem(id))
	return kept.GetItem(id), nil
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	secrets = secretsmanager.NewFromConfig(cfg)
	lambda.Start(handle)
}
