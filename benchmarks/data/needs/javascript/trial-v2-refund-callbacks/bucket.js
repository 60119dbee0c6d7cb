// A token bucket, which is none of S3's.
function Bucket(size) {
  this.left = size
}
Bucket.prototype.consume = function () {
  return this.left-- > 0
}
Bucket.prototype.deleteBucket = function () {
  this.left = 0
}
exports.Bucket = Bucket
