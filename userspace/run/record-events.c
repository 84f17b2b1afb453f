// SPDX-License-Identifier: GPL-2.0
/* Events of the kernel that are recorded beside rtlat's own. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>

#include "run/record-events.h"
#include "trace/raw.h"

/* The functions of our own module; the kernel's need some megabytes. */
#define SYMBOLS		"/proc/kallsyms"
#define OUR_SYMBOL	"\t[rtlat]\n"

static bool our_function(const char *line)
{
	const size_t len = strlen(line), end = strlen(OUR_SYMBOL);

	return len > end && !strcmp(line + len - end, OUR_SYMBOL) &&
	       (strstr(line, " t ") || strstr(line, " T "));
}

static void add(struct record_events *events, char *name)
{
	size_t i;

	for (i = 0; i < events->nr; i++) {
		if (strcmp(events->name[i], name))
			continue;
		free(name);
		return;
	}
	events->name = xrealloc(events->name,
				(events->nr + 1) * sizeof(*events->name));
	events->name[events->nr++] = name;
}

/**
 * record_events_add - one more event
 * @events: events
 * @name: SYSTEM:EVENT
 *
 * Return: 0, or -EINVAL after a line when it is no such name.
 */
int record_events_add(struct record_events *events, const char *name)
{
	const char *colon = strchr(name, ':');

	if (!colon || colon == name || !colon[1] || strpbrk(name, "/* \t\n") ||
	    strchr(colon + 1, ':')) {
		complain("--event %s: not SYSTEM:EVENT, say sched:sched_switch",
			 name);
		return -EINVAL;
	}
	add(events, xstrdup(name));
	return 0;
}

/**
 * record_events_add_raw - all those that a recount needs
 * @events: events
 */
void record_events_add_raw(struct record_events *events)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(raw_names); i++)
		add(events, xasprintf("%s:%s", raw_names[i].system,
				      raw_names[i].event));
}

/**
 * record_events_free - forget all events
 * @events: events
 */
void record_events_free(struct record_events *events)
{
	size_t i;

	for (i = 0; i < events->nr; i++)
		free(events->name[i]);
	free(events->name);
	events->name = NULL;
	events->nr = 0;
}

/* SYSTEM, or EVENT, of a name; free() it. */
static char *system_of(const char *name)
{
	return xstrndup(name, strcspn(name, ":"));
}

static const char *event_of(const char *name)
{
	return strchr(name, ':') + 1;
}

/**
 * record_events_enable - let a tracefs instance record them
 * @events: events
 * @instance: instance
 *
 * Return: 0, or -errno after a line that names the event.
 */
int record_events_enable(const struct record_events *events,
			 struct tracefs_instance *instance)
{
	size_t i;

	for (i = 0; i < events->nr; i++) {
		char *system = system_of(events->name[i]);
		int ret;

		errno = ENOENT;
		ret = tracefs_event_enable(instance, system,
					   event_of(events->name[i]));
		free(system);
		if (!ret)
			continue;
		complain("cannot enable the event %s: %s", events->name[i],
			 errno == ENOENT ? "this kernel has none of that name" :
			 strerror(errno));
		return -EINVAL;
	}
	return 0;
}

static struct trace_system *find_system(struct trace_system **systems,
					uint32_t *nr, const char *name)
{
	struct trace_system *system;
	uint32_t i;

	for (i = 0; i < *nr; i++)
		if (!strcmp((*systems)[i].name, name))
			return &(*systems)[i];
	*systems = xrealloc(*systems, (*nr + 1) * sizeof(**systems));
	system = &(*systems)[(*nr)++];
	memset(system, 0, sizeof(*system));
	system->name = xstrdup(name);
	return system;
}

/**
 * record_events_formats - their formats, by system
 * @events: events
 * @nr: receives the number of systems
 *
 * Return: the systems, with nothing but these events.
 */
struct trace_system *record_events_formats(const struct record_events *events,
					   uint32_t *nr)
{
	struct trace_system *systems = NULL;
	size_t i;

	*nr = 0;
	for (i = 0; i < events->nr; i++) {
		char *name = system_of(events->name[i]);
		char *format = tracefs_event_file_read(NULL, name,
					event_of(events->name[i]), "format",
					NULL);
		struct trace_system *system;

		system = format ? find_system(&systems, nr, name) : NULL;
		free(name);
		if (!system)
			continue;
		system->format = xrealloc(system->format, (system->nr + 1) *
					  sizeof(*system->format));
		system->format[system->nr++] = format;
	}
	return systems;
}

/**
 * record_events_symbols - what tells which timers are ours
 * @events: events
 *
 * Return: the kernel's lines of symbols of rtlat, none when no event needs
 * them; free() them.
 */
char *record_events_symbols(const struct record_events *events)
{
	FILE *from = events->nr ? fopen(SYMBOLS, "re") : NULL;
	char *text = NULL, *line = NULL;
	size_t room = 0, size;
	FILE *to = open_memstream(&text, &size);

	while (from && to && getline(&line, &room, from) > 0)
		if (our_function(line))
			fputs(line, to);
	free(line);
	if (from)
		fclose(from);
	if (to)
		fclose(to);
	return text ? text : xstrdup("");
}
