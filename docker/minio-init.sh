#!/bin/sh
# Makes the bucket with versions and object lock, and the account of the server, which cannot delete a version and
# can only lengthen a retention: in COMPLIANCE mode nobody can shorten one. The lock is the bucket's default, so that no object is unlocked even for a moment. Can be repeated.
set -eu
mc alias set store "$S3_ENDPOINT" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null

# Object lock can only be given to a bucket when it is made.
mc mb --ignore-existing --with-lock "store/$S3_BUCKET"
mc retention set --default COMPLIANCE "${RETENTION_DAYS}d" "store/$S3_BUCKET"

cat >/tmp/policy.json <<JSON
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "s3:GetBucketLocation",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketVersioning",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions"
      ],
      "Resource": ["arn:aws:s3:::$S3_BUCKET"]
    },
    {
      "Effect": "Allow",
      "Action": [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:GetObjectRetention",
        "s3:GetObjectVersion",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectRetention"
      ],
      "Resource": ["arn:aws:s3:::$S3_BUCKET/*"]
    }
  ]
}
JSON
mc admin policy create store segel-server /tmp/policy.json
mc admin user add store "$S3_ACCESS_KEY" "$S3_SECRET_KEY"
# Attaching a policy twice is an error of its own; what counts is that it is attached.
mc admin policy attach store segel-server --user "$S3_ACCESS_KEY" || mc admin user info store "$S3_ACCESS_KEY" | grep -q segel-server

# The public log: any file server or CDN over this prefix is a whole log. Nothing else in the bucket is public. With the
# slash: without it every name that begins so would be.
mc anonymous set download "store/$S3_BUCKET/log/"
