"""Translates a text, reads it aloud and keeps the sound."""
import os
from contextlib import closing

import boto3

translate, polly, comprehend = (boto3.client(name) for name in ("translate", "polly", "comprehend"))
sounds = boto3.resource("s3").Bucket(os.environ["SOUNDS"])


def handler(event, context):
    language = comprehend.detect_dominant_language(Text=event["text"])["Languages"][0]["LanguageCode"]
    text = event["text"]
    if language != "en":
        text = translate.translate_text(Text=text, SourceLanguageCode=language, TargetLanguageCode="en")["TranslatedText"]
    speech = polly.synthesize_speech(Text=text, OutputFormat="mp3", VoiceId="Amy")
    with closing(speech["AudioStream"]) as stream:
        sounds.put_object(Key=f"{context.aws_request_id}.mp3", Body=stream.read())
