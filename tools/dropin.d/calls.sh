#!/bin/sh
# Why: milvus-backup's guide shows its API by these calls, to a server on port 8080 of this machine. They stand here as
# its readers paste them; CURL_HOME names a directory with a .curlrc that says where that port leads.
# Usage: sh calls.sh create|list|get_backup|delete|restore|get_restore
set -eu

case "${1:-}" in
create)
  curl --location --request POST 'http://localhost:8080/api/v1/create' \
    --header 'Content-Type: application/json' \
    --data-raw '{
  "async": true,
  "backup_name": "test_backup",
  "collection_names": [
    "test_collection1","test_collection2"
  ]
}'
  ;;
list)
  curl --location --request GET 'http://localhost:8080/api/v1/list' \
    --header 'Content-Type: application/json'
  ;;
get_backup)
  curl --location --request GET 'http://localhost:8080/api/v1/get_backup?backup_name=test_backup' \
    --header 'Content-Type: application/json'
  ;;
delete)
  curl --location --request DELETE 'http://localhost:8080/api/v1/delete?backup_name=test_api' \
    --header 'Content-Type: application/json'
  ;;
restore)
  curl --location --request POST 'http://localhost:8080/api/v1/restore' \
    --header 'Content-Type: application/json' \
    --data-raw '{
    "async": true,
    "collection_names": [
    "test_collection1"
  ],
    "collection_suffix": "_bak",
    "backup_name":"test_backup"
}'
  ;;
get_restore)
  curl --location --request GET 'http://localhost:8080/api/v1/get_restore?id=test_restore_id' \
    --header 'Content-Type: application/json'
  ;;
*)
  echo "error: there is no call \`${1:-}\`" >&2
  exit 1
  ;;
esac
