package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"os"
	"path"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type resizer struct {
	down   *manager.Downloader
	up     *manager.Uploader
	target string
}

func (r *resizer) one(ctx context.Context, bucket, key string) error {
	buffer := manager.NewWriteAtBuffer(nil)
	if _, err := r.down.Download(ctx, buffer, &s3.GetObjectInput{Bucket: &bucket, Key: &key}); err != nil {
		return err
	}
	picture, _, err := image.Decode(bytes.NewReader(buffer.Bytes()))
	if err != nil {
		return err
	}
	var small bytes.Buffer
	if err := jpeg.Encode(&small, picture, nil); err != nil {
		return err
	}
	_, err = r.up.Upload(ctx, &s3.PutObjectInput{
		Bucket: aws.String(r.target),
		Key:    aws.String(path.Join("small", path.Base(key))),
		Body:   &small,
	})
	return err
}

func (r *resizer) Handle(ctx context.Context, event events.S3Event) error {
	for _, record := range event.Records {
		if err := r.one(ctx, record.S3.Bucket.Name, record.S3.Object.URLDecodedKey); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.TODO())
	if err != nil {
		panic(err)
	}
	client := s3.NewFromConfig(cfg)
	r := &resizer{down: manager.NewDownloader(client), up: manager.NewUploader(client), target: os.Getenv("SMALL_BUCKET")}
	lambda.Start(r.Handle)
}
