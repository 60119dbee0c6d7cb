const express = require("express");
const serverless = require("serverless-http");
const routes = require("./routes/items");

const app = express();
app.use(express.json());
app.use("/items", routes);
app.use((error, req, res, next) => res.status(500).json({ message: error.message }));

module.exports.handler = serverless(app);
