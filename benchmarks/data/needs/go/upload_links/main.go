package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type in struct{ Name string }
type out struct{ Put, Get string }

func links(ctx context.Context, e in) (out, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return out{}, err
	}
	signer := s3.NewPresignClient(s3.NewFromConfig(cfg), func(o *s3.PresignOptions) { o.Expires = time.Minute })
	bucket, key := os.Getenv("UPLOADS"), fmt.Sprintf("in/%s", e.Name)
	put, err := signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return out{}, err
	}
	get, err := signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return out{}, err
	}
	return out{Put: put.URL, Get: get.URL}, nil
}

func main() { lambda.Start(links) }
