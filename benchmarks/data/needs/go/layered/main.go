package main

import (
	"context"

	"example.com/layered/internal/mail"
	"example.com/layered/internal/store"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
)

type request struct {
	Customer string `json:"customer"`
}

type service struct {
	orders store.Orders
	sender mail.Sender
}

func (s service) run(ctx context.Context, in request) (int, error) {
	found, err := s.orders.Of(ctx, in.Customer)
	if err != nil {
		return 0, err
	}
	return len(found), s.sender.Send(ctx, in.Customer, len(found))
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	s := service{orders: store.New(cfg), sender: mail.FromConfig(cfg)}
	lambda.Start(s.run)
}
