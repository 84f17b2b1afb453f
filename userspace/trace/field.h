/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers of a record, by libtraceevent. The file says where its fields are: they need
 * not be within the record.
 */
#ifndef RTLAT_TRACE_FIELD_H
#define RTLAT_TRACE_FIELD_H

#include <event-parse.h>

/**
 * field_element - a number of an array
 * @field: the array
 * @record: the record
 * @nr: how many numbers it has
 * @index: which of them
 * @value: receives it
 *
 * Return: 0; -1: it is not there, or not a number.
 */
static inline int field_element(const struct tep_format_field *field,
				const struct tep_record *record, unsigned int nr,
				unsigned int index, unsigned long long *value)
{
	const int size = field->size / (int)nr;

	if (field->offset < 0 || field->size < 0 || record->size < field->size ||
	    field->offset > record->size - field->size)
		return -1;
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return -1;
	*value = tep_read_number(field->event->tep, (const char *)record->data +
				 field->offset + (size_t)size * index, size);
	return 0;
}

/**
 * field_number - a number
 * @field: which
 * @record: the record
 * @value: receives it
 *
 * Return: as field_element().
 */
static inline int field_number(const struct tep_format_field *field,
			       const struct tep_record *record, unsigned long long *value)
{
	return field_element(field, record, 1, 0, value);
}

#endif /* RTLAT_TRACE_FIELD_H */
