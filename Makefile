# The doors for people; what they do is in tools/, a script for each.
.PHONY: demo test bench lint watch

demo: ## a real Milvus with sample data, a first backup and the console; ONCE=1 restores, compares and ends
	@tools/demo $(if $(ONCE),--once)

test: ## everything: unit, engine on real servers, command line, browser
	@tools/test

bench: ## measure against cp, sync and Milvus's own import; writes bench/RESULTS.md
	@tools/bench

lint: ## format, clippy, documentation
	@tools/lint

watch: ## the console with live reload
	@tools/with cargo leptos watch
