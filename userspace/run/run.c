// SPDX-License-Identifier: GPL-2.0
/* One run of the module, and its cell. */

#include <inttypes.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/outdir.h"
#include "base/progress.h"
#include "results/cell-folder.h"
#include "run/debugfs.h"
#include "run/facts.h"
#include "run/inside.h"
#include "run/load.h"
#include "run/record.h"
#include "run/run.h"
#include "run/user-task.h"

/* How often a trace buffer that is too small for the run is read. */
#define DRAIN_MS	100
/* How often a run that was told to stop is looked at. */
#define STOP_MS		50

struct running {
	const struct run_request *request;
	struct outdir out;
	bool loaded;
	bool timed_out;
	bool read_during;
	int kmsg;
	u64 steal_ticks;
	struct recorder *recorder;
	struct record_loss loss;
	struct load load;
	struct user_tasks tasks;
	struct inside inside;
	char *texts[NR_CELL_TEXTS];
	struct module_status status;
	struct figures *figures;
	struct outliers outliers;
	struct task_totals totals;
	struct problem problem;
};

/* Same seed, same set: is what the module is about to run what was asked for? */
static int compare_taskset(const char *wanted)
{
	char *text = module_read("taskset");
	int ret = 0;

	if (!text)
		return -EIO;
	if (strcmp(text, wanted)) {
		complain("the module gives another task set than the file holds");
		ret = -EINVAL;
	}
	free(text);
	return ret;
}

static int prepare_module(struct running *run)
{
	const struct run_request *request = run->request;
	char *path;
	int ret;

	if (!module_loaded()) {
		path = request->module ? xstrdup(request->module) :
					 module_default_path();
		ret = module_load(path, "");
		free(path);
		if (ret)
			return ret;
		run->loaded = true;
		if (!module_loaded()) {
			complain("the module is loaded, but its debugfs files are not there");
			return -ENODEV;
		}
	}
	ret = module_check_abi();
	if (!ret)
		ret = module_configure(request->config);
	if (!ret && request->taskset)
		ret = compare_taskset(request->taskset);
	return ret;
}

static int start_run(void)
{
	int kmsg = kmsg_open();
	int ret;

	ret = module_write("control", "start");
	if (ret) {
		char *why = kmsg_last_error(kmsg);

		complain("the module does not start: %s",
			 why ? why : strerror(-ret));
		free(why);
	}
	if (kmsg >= 0)
		close(kmsg);
	return ret;
}

static int wait_run(struct running *run)
{
	const struct run_request *request = run->request;
	u64 expected_ms = run_expected_ms(request->config);
	u64 timeout_ms = request->timeout_s * 1000;
	u64 start_ns = now_ns();
	struct progress progress;
	bool stopped = false;
	int ret;

	if (!timeout_ms && expected_ms)
		timeout_ms = 2 * expected_ms + 30000;
	progress_start(&progress, expected_ms);
	for (;;) {
		u64 elapsed_ms = (now_ns() - start_ns) / 1000000;
		u64 sleep = stopped ? STOP_MS :
			    run_poll_ms(request->config, request->about->clock,
					elapsed_ms);

		if (run->read_during && sleep > DRAIN_MS)
			sleep = DRAIN_MS;
		if (timeout_ms > elapsed_ms && sleep > timeout_ms - elapsed_ms)
			sleep = timeout_ms - elapsed_ms;
		if (stopped)
			usleep(STOP_MS * 1000);
		else
			sleep_ms((unsigned int)sleep);
		elapsed_ms = (now_ns() - start_ns) / 1000000;
		ret = run->read_during ? recorder_drain(run->recorder) : 0;
		if (ret)
			break;
		free(run->status.text);
		ret = module_status_read(&run->status);
		if (ret || strcmp(run->status.state, "running"))
			break;
		progress_show(&progress, run->status.done, run->status.total,
			      elapsed_ms);
		if (!stopped && timeout_ms && elapsed_ms >= timeout_ms)
			run->timed_out = true;
		if (!stopped && (stop_wanted() || run->timed_out)) {
			ret = module_write("control", "stop");
			if (ret) {
				complain("cannot stop the run: %s",
					 strerror(-ret));
				break;
			}
			stopped = true;
		}
	}
	progress_end(&progress, run->status.done, run->status.total);
	if (ret && !stopped)
		module_write("control", "stop");
	return ret;
}

/* Everything the module has to say; what is wrong with it goes to @problem. */
static int collect_texts(struct running *run)
{
	int i;

	for (i = 0; i < NR_CELL_TEXTS; i++) {
		run->texts[i] = module_read(cell_texts[i]);
		if (!run->texts[i])
			return -EIO;
	}
	return 0;
}

/* The jobs, task by task, against the ledger and the status. */
static void judge_tasks(struct running *run)
{
	const struct module_status *status = &run->status;
	struct task_totals *tasks = &run->totals;
	struct problem *problem = &run->problem;

	if (tasks_read(tasks, run->texts[CELL_TASKS], problem))
		return;
	if (tasks->missed != status->missed ||
	    tasks->overrun != status->overrun ||
	    tasks->throttled != status->throttled)
		problem_set(problem,
			    "tasks: missed %" PRIu64 ", overrun %" PRIu64
			    ", throttled %" PRIu64 "; status: %" PRIu64
			    ", %" PRIu64 ", %" PRIu64, tasks->missed,
			    tasks->overrun, tasks->throttled, status->missed,
			    status->overrun, status->throttled);
	if (!rtlat_config_tasks(run->request->config))
		return;
	tasks_check(tasks, run->figures, problem);
	if (run->request->config->mode == RTLAT_MODE_TASKSET)
		tasks_read_scale(tasks, run->texts[CELL_TASKSET], problem);
	if (tasks->throttled)
		fprintf(stderr,
			"rtlat: the run was throttled: tasks lost the CPU to a lower class %" PRIu64
			" times (the cell's environment has sched_rt_runtime_us and fair_server)\n",
			tasks->throttled);
}

static void judge(struct running *run)
{
	const struct module_status *status = &run->status;
	struct problem *problem = &run->problem;

	if (run->timed_out)
		problem_set(problem, "timeout: stopped after %" PRIu64 " of %" PRIu64,
			    status->done, status->total);
	if (strcmp(status->end, "complete"))
		problem_set(problem,
			    "the run did not complete: end=%s, %" PRIu64 " done of %s%.0" PRIu64,
			    status->end, status->done,
			    status->total ? "" : "an endless run",
			    status->total);
	figures_read(run->figures, run->texts[CELL_LEDGER], run->texts[CELL_SUMMARY],
		     run->texts[CELL_HISTOGRAMS], problem);
	if (!status->ledger_closes)
		problem_set(problem, "the module says that its ledger does not close");
	if (status->sum_failed)
		problem_set(problem,
			    "the steps did not sum to thread_latency in %" PRIu64 " of %" PRIu64
			    " jobs",
			    status->sum_failed, status->sum_checked);
	figures_check(run->figures, problem);
	if (!outliers_read(&run->outliers, run->texts[CELL_OUTLIERS], problem))
		outliers_check(&run->outliers, run->figures, problem);
	judge_tasks(run);
	if (run->recorder && run->loss.overrun + run->loss.dropped)
		fprintf(stderr, "rtlat: the trace lost %" PRIu64
			" records (overrun %" PRIu64 ", dropped %" PRIu64 ")\n",
			run->loss.overrun + run->loss.dropped,
			run->loss.overrun, run->loss.dropped);
}

static json_t *checks_json(const struct running *run)
{
	const struct module_status *status = &run->status;
	json_t *json = json_object();

	json_object_set_new(json, "end", json_string_or_null(status->end));
	json_object_set_new(json, "done", json_integer((json_int_t)status->done));
	json_object_set_new(json, "total", json_integer((json_int_t)status->total));
	json_object_set_new(json, "ledger_closes",
			    json_boolean(status->ledger_closes));
	json_object_set_new(json, "sum_checked",
			    json_integer((json_int_t)status->sum_checked));
	json_object_set_new(json, "sum_failed",
			    json_integer((json_int_t)status->sum_failed));
	json_object_set_new(json, "throttled",
			    json_integer((json_int_t)run->totals.throttled));
	if (run->recorder) {
		json_object_set_new(json, "trace_overrun",
				    json_integer((json_int_t)run->loss.overrun));
		json_object_set_new(json, "trace_dropped",
				    json_integer((json_int_t)run->loss.dropped));
	}
	return json;
}

static json_t *environment_json(const struct running *run)
{
	json_t *json = facts_collect();

	json_object_set_new(json, "preempt", json_string_or_null(run->status.preempt));
	json_object_set_new(json, "load", load_json(&run->load));
	json_object_set_new(json, "steal_ticks",
			    json_integer((json_int_t)(facts_steal_ticks() -
						      run->steal_ticks)));
	return json;
}

/* Without it the cell is one that cannot be imported elsewhere. */
static int write_inside(struct running *run)
{
	struct problem problem = { "" };
	char *text = inside_proof(&run->inside, &problem);
	int ret = 0;

	if (text)
		ret = outdir_write(&run->out, PROOF_INSIDE_FILE, text);
	else
		fprintf(stderr, "rtlat: no file " PROOF_INSIDE_FILE ": %s\n",
			problem.text);
	free(text);
	return ret;
}

static int write_cell(struct running *run)
{
	const struct run_request *request = run->request;
	struct cell_about about = *request->about;
	bool failed = run->problem.text[0];
	struct cell_outcome outcome = {
		.status = failed ? "fail" : "ok",
		.reason = failed ? run->problem.text : NULL,
		.figures = run->figures,
		.outliers = &run->outliers,
		.tasks = &run->totals,
		.checks = checks_json(run),
		.environment = environment_json(run),
		.stamp_cost_ps = run->status.stamp_cost_ps,
		.own_ps = run->status.own_ps,
		.duration_ns = run->status.end_ns - run->status.begin_ns,
	};
	struct utsname uts;
	json_t *json;
	char *text, *log;
	int i, ret;

	uname(&uts);
	if (!about.kernel)
		about.kernel = uts.release;
	if (!about.vcpus)
		about.vcpus = (u64)sysconf(_SC_NPROCESSORS_ONLN);
	json = cell_json(request->out ? run->out.name : "run", &about,
			 request->config, &outcome);
	text = json_text(json);
	json_decref(json);
	log = kmsg_read(run->kmsg);
	if (!request->out) {
		fputs(text, stdout);
		ret = fflush(stdout) ? -EIO : 0;
		goto out;
	}
	ret = outdir_write(&run->out, "summary.json", text);
	for (i = 0; i < NR_CELL_TEXTS && !ret; i++)
		if (i != CELL_TASKSET || request->config->mode == RTLAT_MODE_TASKSET)
			ret = outdir_write(&run->out, cell_texts[i],
					   run->texts[i]);
	if (!ret)
		ret = outdir_write(&run->out, "kernel.log", log);
	if (!ret)
		ret = write_inside(run);
	if (!ret)
		ret = outdir_commit(&run->out);
out:
	free(log);
	free(text);
	return ret;
}

/* Rather before the run than when it is of no use. */
static void warn_platform(const struct run_request *request)
{
	if (request->out && !strcmp(request->about->platform, "native") &&
	    inside_is_vm())
		fprintf(stderr,
			"rtlat: this is a VM, by its CPU's hypervisor flag, and not native; --platform kvm says so\n");
}

/* A buffer for all of the run is read only after it: reading disturbs. */
static int start_recorder(struct running *run)
{
	const struct run_request *request = run->request;
	u64 need = record_need_kib(request->config, &request->events);
	u64 kib = request->buffer_kib;
	char *path;

	if (!request->trace)
		return 0;
	if (!kib) {
		kib = record_limit_kib();
		if (need && need < kib)
			kib = need;
	}
	run->read_during = !need || kib < need;
	path = xasprintf("%s/trace.dat", run->out.temp);
	run->recorder = recorder_start(path, kib, &request->events);
	free(path);
	return run->recorder ? 0 : -EIO;
}

/* The run, with the load when it has one. */
static int run_loaded(struct running *run)
{
	const struct cell_about *about = run->request->about;
	int ret = 0;

	if (about->load) {
		ret = load_start(&run->load, run->request->config->cpus,
				 strcmp(about->clock, "instructions") ? 0 :
				 LOAD_EMULATED_BYTES);
		if (!ret)
			load_print(&run->load);
	}
	if ((!ret || ret == -EINTR) && stop_wanted()) {
		complain("interrupted before the run began");
		ret = -EINTR;
	}
	inside_begin(&run->inside);
	if (!ret)
		ret = start_run();
	if (!ret && run->request->config->task_kind == RTLAT_TASK_USER) {
		ret = user_tasks_start(&run->tasks);
		if (ret)
			module_write("control", "stop");
	}
	if (!ret)
		ret = wait_run(run);
	inside_end(&run->inside);
	user_tasks_end(&run->tasks);
	if (load_stop(&run->load) && !ret)
		problem_set(&run->problem,
			    "the background load was not on all the time");
	return ret;
}

static int run_steps(struct running *run)
{
	int ret;

	warn_platform(run->request);
	ret = prepare_module(run);
	if (!ret)
		ret = start_recorder(run);
	if (!ret)
		ret = run_loaded(run);
	if (!ret)
		ret = run->recorder ?
		      recorder_stop(run->recorder, &run->loss) : 0;
	if (!ret)
		ret = collect_texts(run);
	if (ret)
		return ret;
	judge(run);
	return write_cell(run);
}

/**
 * run_cell - run the module once and write the cell
 * @request: what to run
 *
 * Without a folder the cell's object goes to the standard output.
 *
 * Return: 0 when the run is complete and its figures agree; else a negative
 * number, after a line that says why.
 */
int run_cell(const struct run_request *request)
{
	struct running run = { .request = request, .out.fd = -1 };
	int i, ret = 0;

	if (request->trace && !request->out) {
		complain("--trace: needs --out DIR to put trace.dat into");
		return -EINVAL;
	}
	if (request->events.nr && !request->trace) {
		complain("--raw, --event: need --trace to be recorded into");
		return -EINVAL;
	}
	catch_stop_signals();
	run.figures = figures_new();
	run.steal_ticks = facts_steal_ticks();
	run.kmsg = kmsg_open();
	if (request->out)
		ret = cell_folder_open(&run.out, request->out);
	if (!ret)
		ret = run_steps(&run);
	if (!ret && run.problem.text[0]) {
		complain("%s", run.problem.text);
		ret = -EINVAL;
	}
	load_free(&run.load);
	inside_free(&run.inside);
	recorder_free(run.recorder);
	if (run.loaded && module_unload() && !ret)
		ret = -EBUSY;
	outdir_close(&run.out);
	figures_free(run.figures);
	for (i = 0; i < NR_CELL_TEXTS; i++)
		free(run.texts[i]);
	free(run.status.text);
	if (run.kmsg >= 0)
		close(run.kmsg);
	return ret;
}
