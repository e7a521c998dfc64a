/*
 * distribution_test.c: the normal and the t distribution against values of 20 digits (mpmath 1.3 with 50 digits: erfinv, erfc,
 * betainc, and bisection for the quantiles of t); Wilson's interval and what is published of it.
 */
#include <math.h>

#include "check.h"
#include "measures/distribution.h"
#include "measures/proportion.h"

static bool
near(double value, double wanted, double tolerance)
{
	return fabs(value - wanted) <= tolerance * fabs(wanted);
}

static void
test_normal(void)
{
	static const double quantiles[][2] = {
		{0.5, 0.6744897501960817432}, {0.8, 1.281551565544600467}, {0.9, 1.6448536269514727149}, {0.95, 1.9599639845400542355},
		{0.99, 2.575829303548900761}, {0.999, 3.2905267314918947932},
	};
	static const double tails[][2] = {
		{0, 1}, {0.5, 0.61707507745197379272}, {1.96, 0.049995790296440868273}, {-1.96, 0.049995790296440868273},
		{5, 5.7330314375838782335e-7}, {10, 1.5239706048321052132e-23}, {30, 9.8134278542963741191e-198},
	};
	bool		good = true;

	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		good = good && near(normal_quantile(quantiles[i][0]), quantiles[i][1], 1e-13);
	CHECK(good, "quantiles of the normal distribution");
	/* here 1 - confidence has few digits */
	CHECK(near(normal_quantile(0.000001), 1.2533141373158283681e-6, 1e-9) &&
		  near(normal_quantile(0.999999999), 6.1094102048693971399, 1e-8), "and at its ends");
	good = true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		good = good && near(normal_two_sided(tails[i][0]), tails[i][1], 1e-13);
	CHECK(good, "tails of the normal distribution");
}

static void
test_student(void)
{
	static const double quantiles[][3] = {
		{0.01, 1, 0.015709255323664916323}, {0.01, 9, 0.012885834831949206788}, {0.01, 1000, 0.012536603759169701237},
		{0.01, 1001, 0.012536600627659481464}, {0.01, 123456, 0.012533494892520129602},
		{0.5, 1, 1.0}, {0.5, 2, 0.81649658092772603273}, {0.5, 3.5, 0.75093702939407865915}, {0.5, 30, 0.68275569332129255301},
		{0.9, 1, 6.313751514675043099}, {0.9, 2, 2.919985580353725687}, {0.9, 5, 2.0150483733330242378}, {0.9, 120, 1.6576508993552356492},
		{0.95, 1, 12.706204736174704646}, {0.95, 2, 4.3026527297494638523}, {0.95, 3.5, 2.9400886379827297938}, {0.95, 5, 2.5705818356363155147},
		{0.95, 9, 2.2621571627982055426}, {0.95, 30, 2.04227245630123831}, {0.95, 120, 1.9799304050824408467},
		{0.95, 1000, 1.962339080826408485}, {0.95, 1001, 1.9623367052808799185}, {0.95, 123456, 1.9599832002451868444},
		{0.99, 1, 63.656741162871580995}, {0.99, 5, 4.0321429835552280784}, {0.99, 30, 2.7499956535672253324},
		{0.99, 1000, 2.5807546980659510793}, {0.99, 1001, 2.5807497687505249859}, {0.99, 123456, 2.5758691284189876476},
	};
	static const double ends[][3] = {
		{0.999999, 1, 636619.7723670577443}, {0.999999, 2, 999.99924999984374995}, {0.999999, 9, 11.63678202732888998},
		{0.999999, 120, 5.1575699729051121309}, {0.999999, 1001, 4.9222587364636216846},
	};
	static const double tails[][3] = {
		{0.001, 1, 0.99936338043983888212}, {0.1, 4, 0.9251558409394532856}, {1, 1, 0.5}, {2, 9, 0.076552823770701041203},
		{-2, 9, 0.076552823770701041203}, {2.5, 1000, 0.01257856780109079681}, {12, 3, 0.001245015800789336738},
		{50, 2, 0.00039976015988808058091}, {1e9, 1, 6.3661977236758134286e-10}, {8, 400, 1.3573776535312127566e-14},
	};
	bool		good = true;

	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		good = good && near(student_quantile(quantiles[i][0], quantiles[i][1]), quantiles[i][2], 1e-12);
	CHECK(good, "quantiles of t");
	good = true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		good = good && near(student_quantile(ends[i][0], ends[i][1]), ends[i][2], 1e-9);
	CHECK(good, "quantiles of t at the end");
	good = true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		good = good && near(student_two_sided(tails[i][0], tails[i][1]), tails[i][2], 1e-11);
	CHECK(good, "tails of t");
	CHECK(student_two_sided(0, 3) == 1 && student_two_sided(INFINITY, 3) == 0, "t at 0 and at infinity");
}

/* Newcombe 1998, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17:857, table I, method 3. */
static void
test_wilson(void)
{
	static const struct
	{
		int			hits;
		int			total;
		double		low;
		double		high;
	}			cases[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};
	bool		good = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		double		low;
		double		high;

		wilson_interval(cases[i].hits, cases[i].total, &low, &high);
		good = good && fabs(low - cases[i].low) < 0.00005 && fabs(high - cases[i].high) < 0.00005;
		wilson_interval_at(cases[i].total - cases[i].hits, cases[i].total, normal_quantile(0.95), &low, &high);
		good = good && fabs(1 - high - cases[i].low) < 0.00005 && fabs(1 - low - cases[i].high) < 0.00005;
	}
	CHECK(good, "Wilson's interval as Newcombe published it, and of the misses");
}

int
main(void)
{
	test_normal();
	test_student();
	test_wilson();
	return DONE();
}
