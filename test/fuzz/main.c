/*
 * main.c: the entry of all fuzz targets; see fuzz.h.
 */
#include "fuzz.h"

static void
body(void *argument)
{
	fuzz_one(argument);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	Input		input = {bytes, length};

	host_unit_memory_limit = 100000;
	if (!host_unit_try(body, &input) && (fuzz_errors & (1u << host_unit_error)) == 0)
	{
		fprintf(stderr, "unexpected error: %s\n", host_unit_message);
		abort();
	}
	host_unit_forget();
	return 0;
}
