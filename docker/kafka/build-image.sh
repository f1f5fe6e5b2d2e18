#!/usr/bin/env bash
# Builds the image local/kafka from Debian packages and Maven Central alone, for machines that reach
# no image registry. Needs root (debootstrap), a running Docker engine, Maven.
#   docker/kafka/build-image.sh [TAG]        TAG is local/kafka:latest by default
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tag=${1:-local/kafka:latest}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v debootstrap >/dev/null || {
  echo "debootstrap is missing: apt-get install -y debootstrap" >&2
  exit 1
}
docker info >/dev/null 2>&1 || {
  echo "no Docker engine answers: start dockerd, or set DOCKER_HOST" >&2
  exit 1
}

echo "kafka image: Debian root file system"
debootstrap --variant=minbase --include=openjdk-17-jre-headless,ca-certificates-java,bash \
  bookworm "$work/rootfs" >"$work/debootstrap.log" 2>&1 || {
  tail -20 "$work/debootstrap.log" >&2
  exit 1
}
rm -rf "$work"/rootfs/var/cache/apt/archives/*.deb "$work"/rootfs/var/lib/apt/lists/* \
  "$work"/rootfs/usr/share/{doc,man,locale}
tar -C "$work/rootfs" -cf "$work/rootfs.tar" .
rm -rf "$work/rootfs"

echo "kafka image: broker jars"
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
  -DoutputDirectory="$work/libs"

cp "$here/Dockerfile" "$here/run" "$here/log4j2.properties" "$work/"
echo "kafka image: docker build"
DOCKER_BUILDKIT=0 docker build -q -t "$tag" "$work"
