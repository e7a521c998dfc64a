/*
 * cashflow_fuzz.c: the state of aggregates over cash flows, and the roots of whatever flow it is.
 */
#include <math.h>

#include "fuzz.h"

#include "measures/cashflow_measures.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

static void
ask(Cashflow *flow, CashflowTime time)
{
	double	   *rates;
	double		result;
	size_t		nrates = cashflow_rates(NULL, flow, time, &rates);

	for (size_t i = 0; i < nrates; i++)
		MUST(rates[i] >= -1 && isfinite(rates[i]) && (i == 0 || rates[i] >= rates[i - 1]));
	if (cashflow_payback(NULL, flow, time, &result))
		MUST(result >= 0 && isfinite(result));
	if (cashflow_modified_rate(NULL, flow, &result))
		MUST(result >= -1);
	(void) cashflow_present_value(NULL, flow, time, &result);
}

void
fuzz_one(const Input *input)
{
	WireReader	reader;
	WireWriter	writer;
	Cashflow   *flow;
	Cashflow   *twice;

	wire_reader_init(&reader, input->bytes, input->length);
	flow = cashflow_read(&reader, NULL);
	if (!wire_read_done(&reader))
		return;
	wire_writer_init(&writer, 0);
	cashflow_write(&writer, NULL, flow);
	MUST(writer.length == input->length && memcmp(writer.bytes, input->bytes, writer.length) == 0);
	twice = cashflow_merge(NULL, cashflow_make(NULL, &flow->terms), flow);
	twice = cashflow_merge(NULL, twice, flow);
	cashflow_settle(NULL, twice);
	MUST(twice->n == flow->n);
	/* few, since a hostile flow may be as hard as it likes */
	if (flow->n <= 12)
	{
		ask(flow, CASHFLOW_PERIODS);
		ask(twice, CASHFLOW_DAYS);
	}
}
