package mail

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

type Sender struct{ api *sesv2.Client }

func FromConfig(cfg aws.Config) Sender { return Sender{api: sesv2.NewFromConfig(cfg)} }

func (s Sender) Send(ctx context.Context, to string, count int) error {
	text := fmt.Sprintf("%d orders", count)
	_, err := s.api.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(os.Getenv("FROM")),
		Destination:      &types.Destination{ToAddresses: []string{to}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Orders")},
			Body:    &types.Body{Text: &types.Content{Data: &text}},
		}},
	})
	return err
}
