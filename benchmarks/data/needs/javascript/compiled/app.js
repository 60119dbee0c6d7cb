"use strict";
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {
    return new Promise(function (resolve) { resolve(generator.apply(thisArg, _arguments || []).next().value); });
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = void 0;
const client_rekognition_1 = require("@aws-sdk/client-rekognition");
const store_1 = require("./store");
const rekognition = new client_rekognition_1.RekognitionClient({});
const handler = (event) => __awaiter(void 0, void 0, void 0, function* () {
    const found = yield rekognition.send(new client_rekognition_1.DetectLabelsCommand({ Image: { S3Object: { Bucket: event.bucket, Name: event.key } } }));
    yield (0, store_1.save)(event.key, found.Labels);
});
exports.handler = handler;
