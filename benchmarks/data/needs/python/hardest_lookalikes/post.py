import smtplib


class Mailer:
    def __init__(self, host):
        self.host = host

    def send_email(self, Source, Destination, Message):
        with smtplib.SMTP(self.host) as smtp:
            smtp.sendmail(Source, [Destination], Message)

    def publish(self, **named):
        return None
