#!/usr/bin/env bash
# Puts the tool into an environment of its own, with locked dependencies, and says where its Python is.
# Without a version or a wheel it is the tool of the very commit that the workflow pins.
set -euo pipefail

version=${INPUT_VERSION:-} index=${INPUT_INDEX_URL:-} wheel=${INPUT_WHEEL:-} extras=${INPUT_EXTRAS:-}
home="${RUNNER_TEMP:?is set by the runner}/reconciler-environment"
wanted="version=$version wheel=$wheel extras=$extras action=$GITHUB_ACTION_PATH"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

refuse() {
  printf '::error::%s\n' "$1"
  printf 'failure-reason=usage\n' >>"$GITHUB_OUTPUT"
  exit 64
}

lock=run.lock
case "$extras" in
"") ;;
s3 | gcs | azure | postgres | encryption) lock=shared.lock ;;
*) refuse "input extras: one of s3, gcs, azure, postgres, encryption" ;;
esac

if [ -n "$wheel" ]; then
  workspace=$(cd "${GITHUB_WORKSPACE:?is set by the runner}" && pwd -P)
  cd "$workspace"
  place=$(cd "$(dirname "$wheel")" && pwd -P)/$(basename "$wheel")
  if [ ! -f "$place" ]; then refuse "input wheel: there is no such file"; fi
  case "${GITHUB_EVENT_NAME:-}:$place" in
  pull_request*:"$workspace"/*) # whoever proposes a branch would bring the program that gets the tokens
    refuse "input wheel: on a pull request no wheel of the workspace is installed" ;;
  esac
fi

if [ "$(cat "$home/wanted" 2>/dev/null)" != "$wanted" ]; then # an earlier step of this job has made it
  from=()
  if [ -n "$index" ]; then from=(--index-url "$index"); fi
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "reconciler needs Python 3.11 or later")'
  python3 -m venv --clear "$home"
  install=("$home/bin/python" -I -m pip install --quiet ${from[@]+"${from[@]}"})
  "${install[@]}" --require-hashes --requirement "$GITHUB_ACTION_PATH/requirements/$lock"
  if [ -n "$wheel" ]; then
    "${install[@]}" --no-deps "$place"
  elif [ -n "$version" ]; then
    "${install[@]}" --no-deps "campaign-reconciler==$version"
  else
    packages=$("$home/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$GITHUB_ACTION_PATH" >"$packages/reconciler.pth"
  fi
  printf '%s' "$wanted" >"$home/wanted"
fi

"$home/bin/python" -I -m reconciler --version
printf 'python=%s\n' "$home/bin/python" >>"$GITHUB_OUTPUT"
