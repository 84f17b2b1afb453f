/* SPDX-License-Identifier: GPL-2.0 */
/* What draws from a distribution must look like. Pure. */
#ifndef RTLAT_DISTRIBUTION_H
#define RTLAT_DISTRIBUTION_H

#include "module/taskset.h"

/* Quantile of Kolmogorov's distribution: a fair sample is above it once in 1000. */
#define KS_ALPHA	0.001

typedef double (*cdf_fn)(const void *of, double x);

double distribution_moment(const struct rtlat_distribution_desc *dist,
			   unsigned int k);
double distribution_mean(const struct rtlat_distribution_desc *dist);
double distribution_variance(const struct rtlat_distribution_desc *dist);
double distribution_variance_error(const struct rtlat_distribution_desc *dist,
				   double n);
double distribution_cdf(const void *dist, double x);
double ks_statistic(double *sample, size_t n, cdf_fn cdf, const void *of);
double ks_critical(size_t n);

#endif /* RTLAT_DISTRIBUTION_H */
