#!/bin/sh
# Why: people drive milvus-backup's API by curl, each call on port 8080 of their own machine. These are such calls, one
# for each thing that the API does; CURL_HOME names a directory with a .curlrc that says where that port leads.
# Usage: sh calls.sh create|list|get_backup|delete|restore|get_restore
set -eu

api=http://localhost:8080/api/v1
json='Content-Type: application/json'

case "${1:-}" in
create)
  curl -X POST "$api/create" -H "$json" \
    -d '{"backup_name": "by_curl", "collection_names": ["curl_one", "curl_two"], "async": true}'
  ;;
list) curl -X GET "$api/list" -H "$json" ;;
get_backup) curl -X GET "$api/get_backup?backup_name=by_curl" -H "$json" ;;
delete) curl -X DELETE "$api/delete?backup_name=by_curl_too" -H "$json" ;;
restore)
  curl -X POST "$api/restore" -H "$json" \
    -d '{"backup_name": "by_curl", "collection_names": ["curl_one"], "collection_suffix": "_bak", "async": true}'
  ;;
get_restore) curl -X GET "$api/get_restore?id=restore_by_curl" -H "$json" ;;
*)
  echo "error: there is no call \`${1:-}\`" >&2
  exit 1
  ;;
esac
