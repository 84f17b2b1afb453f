// SPDX-License-Identifier: GPL-2.0
/* KUnit: task sets: placed, within capacity, and the same in every kernel. */

#include <kunit/test.h>

#include "../module/params.c"
#include "../module/taskset.c"

#define MAX_CPUS	8
#define MAX_K		20
#define SEEDS		40
#define FNV_BASE	0xcbf29ce484222325ULL
#define FNV_PRIME	0x100000001b3ULL

static struct rtlat_taskset set;
static char line[RTLAT_LINE_MAX];

static void room(struct kunit *test)
{
	memset(&set, 0, sizeof(set));
	set.period_percent = 100;
	set.tasks = kunit_kzalloc(test, MAX_CPUS * MAX_K * sizeof(*set.tasks),
				  GFP_KERNEL);
	set.cpus = kunit_kzalloc(test, MAX_CPUS * sizeof(*set.cpus), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, set.tasks);
	KUNIT_ASSERT_NOT_NULL(test, set.cpus);
}

static void make(struct kunit *test, u32 distribution, u32 tasks_per_cpu,
		 u32 nr_cpus, u64 seed)
{
	set.distribution = distribution;
	set.tasks_per_cpu = tasks_per_cpu;
	set.nr_cpus = nr_cpus;
	set.seed = seed;
	KUNIT_EXPECT_EQ(test, rtlat_taskset_make(&set), 0);
}

/* FNV-1a over the set's text, newlines included: what a file of it holds. */
static u64 hash(void)
{
	u64 sum = FNV_BASE;
	u32 i;
	int j, len;

	for (i = 0; (len = rtlat_taskset_format(&set, i, line, sizeof(line))); i++) {
		for (j = 0; j < len; j++)
			sum = (sum ^ (u8)line[j]) * FNV_PRIME;
		sum = (sum ^ '\n') * FNV_PRIME;
	}
	return sum;
}

/* For every distribution, number of tasks, number of CPUs and seed. */
static void each_set(struct kunit *test, void (*check)(struct kunit *test))
{
	u32 distribution, k, cpus;
	u64 seed;

	room(test);
	for (distribution = 0; distribution < RTLAT_NR_DISTRIBUTIONS; distribution++)
		for (k = 1; k <= MAX_K; k++)
			for (cpus = 1; cpus <= MAX_CPUS; cpus *= 2)
				for (seed = 0; seed < SEEDS; seed++) {
					make(test, distribution, k, cpus, seed);
					check(test);
				}
}

static void capacity_holds(struct kunit *test)
{
	u64 utilisation[MAX_CPUS] = { 0 }, drawn[MAX_CPUS] = { 0 };
	u32 tasks[MAX_CPUS] = { 0 };
	u32 i;

	for (i = 0; i < rtlat_taskset_size(&set); i++) {
		const struct rtlat_taskset_task *task = &set.tasks[i];

		KUNIT_EXPECT_TRUE(test, task->cpu < set.nr_cpus);
		utilisation[task->cpu] += task->utilisation_ppb;
		drawn[task->cpu] += task->drawn_ppb;
		tasks[task->cpu]++;
	}
	for (i = 0; i < set.nr_cpus; i++) {
		KUNIT_EXPECT_LE(test, utilisation[i], RTLAT_CAPACITY_PPB);
		KUNIT_EXPECT_LE(test, tasks[i], RTLAT_MAX_TASKS);
		KUNIT_EXPECT_EQ(test, utilisation[i], set.cpus[i].utilisation_ppb);
		KUNIT_EXPECT_EQ(test, drawn[i], set.cpus[i].drawn_ppb);
		KUNIT_EXPECT_EQ(test, tasks[i], set.cpus[i].nr_tasks);
	}
}

static void every_cpu_is_within_capacity(struct kunit *test)
{
	each_set(test, capacity_holds);
}

/* Not scaled where it fits; else down to the capacity, but for what is rounded. */
static void scale_holds(struct kunit *test)
{
	u32 i;

	for (i = 0; i < rtlat_taskset_size(&set); i++) {
		const struct rtlat_taskset_task *task = &set.tasks[i];
		const struct rtlat_taskset_cpu *cpu = &set.cpus[task->cpu];
		u64 share = (u64)task->drawn_ppb * RTLAT_CAPACITY_PPB;

		if (cpu->drawn_ppb <= RTLAT_CAPACITY_PPB) {
			KUNIT_EXPECT_EQ(test, task->utilisation_ppb, task->drawn_ppb);
		} else {
			/* the largest whole number that is not above its share */
			KUNIT_EXPECT_LE(test, task->utilisation_ppb * cpu->drawn_ppb,
					share);
			KUNIT_EXPECT_TRUE(test, (task->utilisation_ppb + 1ULL) *
					  cpu->drawn_ppb > share);
		}
	}
	for (i = 0; i < set.nr_cpus; i++) {
		const struct rtlat_taskset_cpu *cpu = &set.cpus[i];

		if (cpu->drawn_ppb <= RTLAT_CAPACITY_PPB) {
			KUNIT_EXPECT_EQ(test, cpu->scale_ppm, 1000000U);
			continue;
		}
		KUNIT_EXPECT_TRUE(test, cpu->utilisation_ppb + cpu->nr_tasks >
				  RTLAT_CAPACITY_PPB);
		KUNIT_EXPECT_LE(test, cpu->scale_ppm * cpu->drawn_ppb,
				RTLAT_CAPACITY_PPB * 1000000ULL);
		KUNIT_EXPECT_TRUE(test, (cpu->scale_ppm + 1ULL) * cpu->drawn_ppb >
				  RTLAT_CAPACITY_PPB * 1000000ULL);
	}
}

static void too_much_is_scaled_down(struct kunit *test)
{
	each_set(test, scale_holds);
}

/*
 * Worst fit, decreasing, done again from what the set says: of the tasks that
 * are left the largest, on the CPU that has least, ties to the first.
 */
static void placed_holds(struct kunit *test)
{
	bool placed[MAX_CPUS * MAX_K] = { false };
	u64 sum[MAX_CPUS] = { 0 };
	u32 left, i;

	for (left = rtlat_taskset_size(&set); left; left--) {
		u32 largest = RTLAT_UNPLACED, least = 0;

		for (i = 0; i < rtlat_taskset_size(&set); i++)
			if (!placed[i] && (largest == RTLAT_UNPLACED ||
					   set.tasks[i].drawn_ppb >
					   set.tasks[largest].drawn_ppb))
				largest = i;
		for (i = 1; i < set.nr_cpus; i++)
			if (sum[i] < sum[least])
				least = i;
		KUNIT_EXPECT_EQ(test, set.tasks[largest].cpu, least);
		placed[largest] = true;
		sum[least] += set.tasks[largest].drawn_ppb;
	}
}

static void placed_worst_fit_decreasing(struct kunit *test)
{
	each_set(test, placed_holds);
}

/* As many tasks as there are places: then room counts, not only load. */
static void no_cpu_gets_more_than_it_can_hold(struct kunit *test)
{
	u64 seed;

	room(test);
	for (seed = 0; seed < SEEDS; seed++) {
		make(test, RTLAT_DIST_LIGHT_EXPONENTIAL, RTLAT_MAX_TASKS, 2, seed);
		KUNIT_EXPECT_EQ(test, set.cpus[0].nr_tasks, RTLAT_MAX_TASKS);
		KUNIT_EXPECT_EQ(test, set.cpus[1].nr_tasks, RTLAT_MAX_TASKS);
	}
}

static void range_holds(struct kunit *test)
{
	const struct rtlat_distribution_desc *dist =
		&rtlat_distributions[set.distribution];
	u32 i;

	for (i = 0; i < rtlat_taskset_size(&set); i++) {
		const struct rtlat_taskset_task *task = &set.tasks[i];
		u32 ppb = task->drawn_ppb;

		KUNIT_EXPECT_TRUE(test, ppb >= 1);
		KUNIT_EXPECT_LE(test, ppb, RTLAT_CAPACITY_PPB);
		if (!dist->mean_ppb)
			KUNIT_EXPECT_TRUE(test,
					  (ppb >= dist->light_min_ppb &&
					   ppb <= dist->light_max_ppb) ||
					  (dist->light_ninths < 9 &&
					   ppb >= dist->heavy_min_ppb &&
					   ppb <= dist->heavy_max_ppb));
		KUNIT_EXPECT_TRUE(test, task->period_ns >= 10000000);
		KUNIT_EXPECT_LE(test, task->period_ns, 100000000);
		KUNIT_EXPECT_EQ(test, task->period_ns % 1000, 0);
		KUNIT_EXPECT_LE(test, task->exec_ns * 1000000000ULL,
				task->period_ns * task->utilisation_ppb);
		KUNIT_EXPECT_TRUE(test, (task->exec_ns + 1) * 1000000000ULL >
				  task->period_ns * task->utilisation_ppb);
	}
}

static void numbers_are_in_their_ranges(struct kunit *test)
{
	each_set(test, range_holds);
}

/* A factor for the periods changes neither utilisations nor places. */
static void period_percent_scales_periods_alone(struct kunit *test)
{
	struct rtlat_taskset_task *whole;
	u64 seed;
	u32 i;

	room(test);
	whole = kunit_kzalloc(test, MAX_CPUS * MAX_K * sizeof(*whole), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	for (seed = 0; seed < SEEDS; seed++) {
		set.period_percent = 100;
		make(test, seed % RTLAT_NR_DISTRIBUTIONS, 10, 2, seed);
		memcpy(whole, set.tasks, 20 * sizeof(*whole));
		set.period_percent = 1 + seed;
		make(test, seed % RTLAT_NR_DISTRIBUTIONS, 10, 2, seed);
		for (i = 0; i < 20; i++) {
			KUNIT_EXPECT_EQ(test, set.tasks[i].period_ns,
					whole[i].period_ns / 100 * (1 + seed));
			KUNIT_EXPECT_EQ(test, set.tasks[i].cpu, whole[i].cpu);
			KUNIT_EXPECT_EQ(test, set.tasks[i].drawn_ppb,
					whole[i].drawn_ppb);
			KUNIT_EXPECT_EQ(test, set.tasks[i].utilisation_ppb,
					whole[i].utilisation_ppb);
		}
	}
}

static void a_seed_gives_one_set(struct kunit *test)
{
	u64 seed, first, last = 0;

	room(test);
	for (seed = 0; seed < 1000; seed++) {
		make(test, RTLAT_DIST_LIGHT_BIMODAL, 3, 2, seed);
		first = hash();
		/* what was there before does not matter */
		memset(set.tasks, 0x5a, 6 * sizeof(*set.tasks));
		memset(set.cpus, 0x5a, 2 * sizeof(*set.cpus));
		make(test, RTLAT_DIST_LIGHT_BIMODAL, 3, 2, seed);
		KUNIT_EXPECT_EQ(test, hash(), first);
		KUNIT_EXPECT_FALSE(test, first == last);
		last = first;
	}
}

/* No two of 400 sets have a utilisation or a period of their first task in common. */
static void sets_have_no_draws_in_common(struct kunit *test)
{
	static u32 seen[4 * 100];
	u32 nr = 0, i, way;
	u64 seed;

	room(test);
	for (seed = 0; seed < 100; seed++) {
		for (way = 0; way < 4; way++) {
			make(test, way == 1 ? RTLAT_DIST_MEDIUM_UNIFORM :
			     RTLAT_DIST_LIGHT_UNIFORM, way == 2 ? 3 : 2,
			     way == 3 ? 3 : 2, seed);
			seen[nr++] = set.tasks[0].drawn_ppb;
		}
	}
	for (nr = 1; nr < ARRAY_SIZE(seen); nr++)
		for (i = 0; i < nr; i++)
			KUNIT_EXPECT_FALSE(test, seen[i] == seen[nr]);
}

static void bad_numbers_are_refused(struct kunit *test)
{
	static const struct {
		u32 distribution, tasks_per_cpu, nr_cpus, period_percent;
	} bad[] = {
		{ RTLAT_NR_DISTRIBUTIONS, 1, 1, 100 },
		{ ~0U, 1, 1, 100 },
		{ 0, 0, 1, 100 },
		{ 0, RTLAT_MAX_TASKS + 1, 1, 100 },
		{ 0, 1, 0, 100 },
		{ 0, 1, 1, 0 },
		{ 0, 1, 1, 101 },
	};
	u32 i;

	room(test);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		set.distribution = bad[i].distribution;
		set.tasks_per_cpu = bad[i].tasks_per_cpu;
		set.nr_cpus = bad[i].nr_cpus;
		set.period_percent = bad[i].period_percent;
		KUNIT_EXPECT_EQ(test, rtlat_taskset_make(&set), -EINVAL);
	}
}

/* The generator's first numbers, as its authors' reference gives them for 0. */
static void splitmix_is_splitmix(struct kunit *test)
{
	u64 state = 0;

	KUNIT_EXPECT_EQ(test, rtlat_random(&state), 0xe220a8397b1dcdafULL);
	KUNIT_EXPECT_EQ(test, rtlat_random(&state), 0x6e789e6aa1b965f4ULL);
	KUNIT_EXPECT_EQ(test, rtlat_random(&state), 0x06c45d188009454fULL);
}

/*
 * Same seed, same set, on every kernel and in every version: a change of the
 * generator or of the text makes recorded seeds mean other sets.
 */
static void golden_sets(struct kunit *test)
{
	static const struct {
		u32 distribution, tasks_per_cpu, nr_cpus;
		u64 seed, hash;
		u32 period_percent;
	} golden[] = {
		{ RTLAT_DIST_LIGHT_UNIFORM, 1, 1, 1, 0xee657088861e98b6ULL, 100 },
		{ RTLAT_DIST_LIGHT_UNIFORM, 20, 2, 1, 0x619cfe5d03ddf8c6ULL, 100 },
		{ RTLAT_DIST_LIGHT_BIMODAL, 10, 2, 2, 0xea7b0bdfa0e00265ULL, 100 },
		{ RTLAT_DIST_LIGHT_EXPONENTIAL, 20, 4, 3, 0xbed6dca59650447bULL, 10 },
		{ RTLAT_DIST_MEDIUM_UNIFORM, 5, 8, 4, 0xba8bd253398c217eULL, 100 },
		{ RTLAT_DIST_MEDIUM_BIMODAL, 15, 1, 999999999999999999ULL,
		  0x3c149321eba755afULL, 1 },
		{ RTLAT_DIST_MEDIUM_BIMODAL, 1, 8, 0, 0xbc54910fef740c0cULL, 100 },
	};
	u32 i;

	room(test);
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		set.period_percent = golden[i].period_percent;
		make(test, golden[i].distribution, golden[i].tasks_per_cpu,
		     golden[i].nr_cpus, golden[i].seed);
		KUNIT_EXPECT_EQ(test, hash(), golden[i].hash);
	}
}

/*
 * Brandenburg 2011, chapter 4: light uniform [0.001, 0.1], medium uniform
 * [0.1, 0.4]; bimodal [0.001, 0.5] or [0.5, 0.9], the first in 8 or 6 cases of 9;
 * exponential with mean 0.1.
 */
static void distributions_are_the_books(struct kunit *test)
{
	static const struct rtlat_distribution_desc book[RTLAT_NR_DISTRIBUTIONS] = {
		[RTLAT_DIST_LIGHT_UNIFORM] = { 0, 9, 1000000, 100000000, 0, 0 },
		[RTLAT_DIST_LIGHT_BIMODAL] = { 0, 8, 1000000, 500000000,
					       500000000, 900000000 },
		[RTLAT_DIST_LIGHT_EXPONENTIAL] = { 100000000, 0, 0, 0, 0, 0 },
		[RTLAT_DIST_MEDIUM_UNIFORM] = { 0, 9, 100000000, 400000000, 0, 0 },
		[RTLAT_DIST_MEDIUM_BIMODAL] = { 0, 6, 1000000, 500000000,
						500000000, 900000000 },
	};

	KUNIT_EXPECT_EQ(test, memcmp(book, rtlat_distributions, sizeof(book)), 0);
}

/* Of tasks that ask for the same the first, of CPUs that have the same room, too. */
static void ties_go_to_the_first(struct kunit *test)
{
	u32 i;

	room(test);
	set.tasks_per_cpu = 3;
	set.nr_cpus = 2;
	for (i = 0; i < 6; i++) {
		set.tasks[i].cpu = RTLAT_UNPLACED;
		set.tasks[i].drawn_ppb = i == 0 ? 4 : 5;
	}
	KUNIT_EXPECT_TRUE(test, rtlat_largest(&set) == &set.tasks[1]);
	set.tasks[1].cpu = 0;
	KUNIT_EXPECT_TRUE(test, rtlat_largest(&set) == &set.tasks[2]);
	KUNIT_EXPECT_EQ(test, rtlat_emptiest(&set), 0U);
	set.cpus[0].drawn_ppb = 1;
	KUNIT_EXPECT_EQ(test, rtlat_emptiest(&set), 1U);
	set.cpus[1].nr_tasks = RTLAT_MAX_TASKS;
	KUNIT_EXPECT_EQ(test, rtlat_emptiest(&set), 0U);
}

/* Every line fits, and there is none behind the last. */
static void text_has_a_line_for_each(struct kunit *test)
{
	u32 i;

	room(test);
	make(test, RTLAT_DIST_MEDIUM_BIMODAL, MAX_K, MAX_CPUS, 999999999999999999ULL);
	for (i = 0; rtlat_taskset_format(&set, i, line, sizeof(line)); i++)
		KUNIT_EXPECT_TRUE(test, strlen(line) < sizeof(line) / 2);
	KUNIT_EXPECT_EQ(test, i, 1 + MAX_CPUS + MAX_CPUS * MAX_K);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(splitmix_is_splitmix),
	KUNIT_CASE(golden_sets),
	KUNIT_CASE(every_cpu_is_within_capacity),
	KUNIT_CASE(too_much_is_scaled_down),
	KUNIT_CASE(placed_worst_fit_decreasing),
	KUNIT_CASE(no_cpu_gets_more_than_it_can_hold),
	KUNIT_CASE(numbers_are_in_their_ranges),
	KUNIT_CASE(period_percent_scales_periods_alone),
	KUNIT_CASE(a_seed_gives_one_set),
	KUNIT_CASE(sets_have_no_draws_in_common),
	KUNIT_CASE(bad_numbers_are_refused),
	KUNIT_CASE(distributions_are_the_books),
	KUNIT_CASE(ties_go_to_the_first),
	KUNIT_CASE(text_has_a_line_for_each),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_taskset",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's task sets");
MODULE_LICENSE("GPL");
