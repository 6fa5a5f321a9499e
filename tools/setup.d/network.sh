# shellcheck shell=bash
# Why: Milvus listens on every interface; `ip` gives each instance a network of its own that only this host
# reaches. Without root there is no such network, and `tools/milvus` says so when it starts one.

setup_network() {
  have ip || { is_root && want_packages "a private network for Milvus" iproute2; } || true
}
