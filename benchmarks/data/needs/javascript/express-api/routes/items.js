const { Router } = require("express");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const lib = require("@aws-sdk/lib-dynamodb");

const router = Router();
const doc = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.ITEMS;

router.get("/", async (req, res, next) => {
  try {
    const { Items } = await doc.send(new lib.ScanCommand({ TableName }));
    res.json(Items);
  } catch (error) {
    next(error);
  }
});

router.delete("/:id", (req, res, next) => {
  doc.send(new lib.DeleteCommand({ TableName, Key: { id: req.params.id } })).then(() => res.sendStatus(204), next);
});

module.exports = router;
