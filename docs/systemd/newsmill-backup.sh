#!/bin/sh
# newsmill-backup WAREHOUSE FOLDER: copy a warehouse while it is used. The copy is a warehouse, whole at every moment.
set -eu
from=$(realpath "$1")
mkdir -p "$2"
cd "$2"

# The ledger first: what it names is on the disk already, is never changed, and stays for a week after it is superseded.
# SQLite's `.backup` begins anew at each commit: beside twenty commits a second it did not end, this took 3 s for 185 MB.
rm -f ledger.new
sqlite3 "$from/ledger.sqlite" "VACUUM INTO 'ledger.new'"
for part in store raw name_aliases.csv; do
    if [ -e "$from/$part" ]; then rsync -a "$from/$part" .; fi
done

# A takedown, or an upkeep that keeps no days, may have deleted files meanwhile; a second try has the ledger after it.
if [ -e store ]; then
    sqlite3 ledger.new "SELECT 'store/' || path FROM parts WHERE removed_by IS NULL" | xargs -r ls > /dev/null
fi

# All else is made from the ledger by the first command that opens the copy.
sync -f .
rm -rf tables catalog.duckdb manifest.json ledger.sqlite-wal ledger.sqlite-shm
mv ledger.new ledger.sqlite

# What was taken down has to go from here too.
for part in store raw; do
    if [ -e "$from/$part" ]; then rsync -a --delete "$from/$part" .; fi
done
