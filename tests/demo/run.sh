#!/bin/sh
# Shows a host at work: starts one with data of its own, imports some photographs, shows its events,
# and stays until Ctrl-C; then everything that it started ends, and the data are removed.
#
# usage: run.sh [--data DIR] [--port N] [PHOTO|FOLDER…]
#   --data DIR  keep the data there instead
#   --port N    that port (default: 5100, or any that is free where that one is taken)
#
# Without photographs to import it takes those of $JUNMAI_SAMPLES, where there are any, else it makes
# some. The programs are those of $JUNMAI_BIN_DIR, which is build/release/bin.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${JUNMAI_BIN_DIR:-$root/build/release/bin}
samples=${JUNMAI_SAMPLES:-$root/../shared/samples}
data="" port="" host="" tail=""

die() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

usage() {
    sed -n '2,/^set /{s/^# \{0,1\}//p;}' "$0"
}

finish() {
    status=$?
    trap - EXIT INT TERM HUP
    [ -z "$tail" ] || kill "$tail" 2>/dev/null || true
    [ -z "$host" ] || kill "$host" 2>/dev/null || true
    [ -z "$host" ] || wait "$host" 2>/dev/null || true
    rm -rf "$scratch"
    [ -z "$host" ] || printf '\nThe host has ended.\n'
    exit "$status"
}

# real PATH: absolute, without links above its last name.
real() {
    if [ -d "$1" ]; then
        (cd "$1" && pwd -P)
    else
        printf '%s/%s\n' "$(cd "$(dirname "$1")" && pwd -P)" "$(basename "$1")"
    fi
}

# json TEXT: as a JSON string.
json() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# A grey JPEG of 8 x 8 pixels behind its first two bytes: a comment goes between.
grey='
/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
AQEB/8AACwgACAAIAQERAP/EABQAAQAAAAAAAAAAAAAAAAAAAAD/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEB
AAA/AD//2Q=='

# make_photos FOLDER: eight different ones.
make_photos() {
    for number in 1 2 3 4 5 6 7 8; do
        {
            printf '\377\330\377\376\000\011photo %s' "$number"
            printf '%s' "$grey" | base64 -d
        } >"$1/made-$number.jpg"
    done
}

# What to import, one on a line: of several cameras and formats where there are samples.
choose_photos() {
    for name in jpeg/apple_iphone4_gps.jpg jpeg/canon_eosrp_adobergb_r03.jpg jpeg/nikon_p6000_gps.jpg \
        jpeg/sony_a6400_24mp.jpg dup/pentax_istdl_a.jpg heif/iphone13pro.HEIC raw/canon_eos_6d.dng \
        other/exiv2_bug1199.webp; do
        [ ! -f "$samples/dev/$name" ] || real "$samples/dev/$name"
    done
}

# write_config PHOTO…: a host may import from where they are.
write_config() {
    roots=$(json "$scratch/photos")
    [ -z "${HOME:-}" ] || roots="$roots, $(json "$HOME")"
    for photo in "$@"; do
        [ -d "$photo" ] || photo=$(dirname "$photo")
        roots="$roots, $(json "$photo")"
    done
    printf '{"plugins": {"import": {"roots": [%s]}}}\n' "$roots" >"$scratch/junmai.json"
}

# start_host PORT: sets `url` when it listens; else it has said why not.
start_host() {
    rm -f "$scratch/said"
    mkfifo "$scratch/said"
    "$bin/junmaid" --config "$scratch/junmai.json" --data "$data" --port "$1" \
        >"$scratch/said" 2>"$scratch/host.log" &
    host=$!
    exec 3<"$scratch/said"
    line=""
    read -r line <&3 || true
    url=${line#*listening on }
    [ "$url" != "$line" ] && return 0
    wait "$host" || true
    host=""
    return 1
}

start_host_somewhere() {
    if [ -n "$port" ]; then
        start_host "$port" && return 0
    else
        start_host 5100 && return 0
        start_host 0 && return 0
    fi
    cat "$scratch/host.log" >&2
    die "the host does not start"
}

# The events are not missed if they are listened to before the first of them.
start_tail() {
    "$bin/junmai" tail &
    tail=$!
    tries=0
    until "$bin/junmai" clients | grep -q ' sse '; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || die "the host answers, but its events cannot be listened to"
    done
}

tell_address() {
    cat <<TEXT

======================================================================

    Junmai is running at    $url

    how it is               $bin/junmai status --url $url
    its routes and events   $url/openapi.json
                            $url/asyncapi.json
    its log                 $scratch/host.log
    its data                $data

    Its events are shown here. Ctrl-C ends it.

======================================================================

TEXT
}

while [ $# -gt 0 ]; do
    case "$1" in
    --data) data=${2:?--data needs a folder} && shift 2 ;;
    --data=*) data=${1#*=} && shift ;;
    --port) port=${2:?--port needs a number} && shift 2 ;;
    --port=*) port=${1#*=} && shift ;;
    --help) usage && exit 0 ;;
    --) shift && break ;;
    -*) die "there is no option $1; see --help" ;;
    *) break ;;
    esac
done
for program in junmaid junmai; do
    [ -x "$bin/$program" ] || die "$bin holds no $program: build it, with ./dev run"
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/junmai-demo.XXXXXX")
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[ -n "$data" ] || data=$scratch/data
mkdir "$scratch/photos"

# Each photograph in a line of its own from here on: the positional parameters are the list.
if [ $# -gt 0 ]; then
    count=$#
    while [ "$count" -gt 0 ]; do
        [ -e "$1" ] || die "there is no $1"
        set -- "$@" "$(real "$1")"
        shift
        count=$((count - 1))
    done
else
    IFS='
'
    # shellcheck disable=SC2046 # a list of lines
    set -- $(choose_photos)
    unset IFS
    if [ $# = 0 ]; then
        make_photos "$scratch/photos"
        set -- "$scratch/photos"
    fi
fi

write_config "$@"
start_host_somewhere
export JUNMAI_URL="$url"
start_tail
"$bin/junmai" import --session "Demo" -- "$@" || true
tell_address
wait "$host" || die "the host has ended by itself; its log: $(tail -n 5 "$scratch/host.log")"
