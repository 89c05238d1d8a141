#!/bin/sh
# The whole job as single steps, for scripts that want to do something in between. Same bytes as `dbr build --year`.
# Usage: chain.sh ROOT SITE YEAR        DBR names the binary (default: dbr on the PATH)
set -u
dbr=${DBR:-dbr}
export DBR_ROOT="$1" DBR_SITE="$2" DBR_YEAR="$3"

# 3 means: done, but some items can be tried again. The release is then a draft; run the chain again later.
step() {
  "$dbr" "$@"
  code=$?
  [ $code -eq 0 ] || [ $code -eq 3 ] || exit $code
  [ $code -eq 0 ] || result=$code
}

result=0
step fetch-metadata
step fetch-images
step downscale
step bucket
step export-db
step make-torrent
exit $result
