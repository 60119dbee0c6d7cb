package main

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"golang.org/x/sync/errgroup"
)

const root = "/shop/"

type settings struct {
	mutex  sync.Mutex
	values map[string]string
}

func (s *settings) read(ctx context.Context, client *ssm.Client, path string) error {
	pages := ssm.NewGetParametersByPathPaginator(client, &ssm.GetParametersByPathInput{
		Path:           aws.String(root + path),
		WithDecryption: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		s.mutex.Lock()
		for _, one := range page.Parameters {
			s.values[strings.TrimPrefix(*one.Name, root)] = *one.Value
		}
		s.mutex.Unlock()
	}
	return nil
}

func handle(ctx context.Context, sealed []byte) (string, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return "", err
	}
	s := &settings{values: map[string]string{}}
	client := ssm.NewFromConfig(cfg)
	group, inner := errgroup.WithContext(ctx)
	for _, path := range []string{"db", "mail"} {
		path := path
		group.Go(func() error { return s.read(inner, client, path) })
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	plain, err := kms.NewFromConfig(cfg).Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: sealed})
	if err != nil {
		return "", err
	}
	return s.values["db"] + string(plain.Plaintext), nil
}

func main() { lambda.Start(handle) }
