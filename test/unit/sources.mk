# What is plain C, below $(src): it builds without a server, for the unit tests and the fuzzers.

# These need the server:
server_side = $(wildcard $(src)/language/*_value.c) \
	$(addprefix $(src)/engine/, calendar.c exact_numeric.c timeline_aggregate.c timeline_functions.c timeline_value.c) \
	$(addprefix $(src)/measures/, cashflow_arguments.c cashflow_array.c) $(src)/surfaces/chart_functions.c
plain_c = $(filter-out $(server_side), $(wildcard $(src)/engine/*.c $(src)/language/*.c $(src)/models/*.c \
	$(src)/analyses/*_summary*.c $(src)/measures/*_summary*.c $(src)/measures/cashflow_*.c \
	$(addprefix $(src)/measures/, distribution.c proportion.c) $(src)/catalog/judgement.c $(src)/surfaces/*.c))
