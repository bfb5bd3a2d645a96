/*
 * Copyright (c) 2026 zephyr-counters contributors
 * SPDX-License-Identifier: Apache-2.0
 */

/* The class: whose a provider is, and what can be selected of it. */

#include <errno.h>

#include <zephyr/drivers/hwcnt.h>
#include <zephyr/irq.h>
#include <zephyr/sys/util.h>

#define MAX_CLAIMS 16

static struct claim {
	const struct device *dev;
	const void *owner;
} claims[MAX_CLAIMS];

/* The claim of a device, else a free one, else NULL; with interrupts locked. */
static struct claim *find(const struct device *dev)
{
	struct claim *unused = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(claims); i++) {
		if (claims[i].dev == dev) {
			return &claims[i];
		}
		if (claims[i].dev == NULL && unused == NULL) {
			unused = &claims[i];
		}
	}
	return unused;
}

/* `claimed` is whether the owner had it before. */
static int claim(const struct device *dev, const void *owner, bool *claimed)
{
	unsigned int key = irq_lock();
	struct claim *found = find(dev);
	int err = 0;

	*claimed = false;
	if (found == NULL) {
		err = -ENOMEM;
	} else if (found->dev == NULL) {
		*found = (struct claim){dev, owner};
	} else if (found->owner == owner) {
		*claimed = true;
	} else {
		err = -EBUSY;
	}
	irq_unlock(key);
	return err;
}

int hwcnt_claim(const struct device *dev, const void *owner)
{
	bool claimed;

	return claim(dev, owner, &claimed);
}

int hwcnt_release(const struct device *dev, const void *owner)
{
	unsigned int key = irq_lock();
	struct claim *found = find(dev);
	int err = 0;

	if (found == NULL || found->dev == NULL) {
		err = -EALREADY;
	} else if (found->owner != owner) {
		err = -EBUSY;
	} else {
		*found = (struct claim){NULL, NULL};
	}
	irq_unlock(key);
	return err;
}

static int check(const struct hwcnt_info *info, const uint16_t *counters, size_t num)
{
	size_t slots = 0;

	for (size_t i = 0; i < num; i++) {
		if (counters[i] >= info->num_counters) {
			return -EINVAL;
		}
		for (size_t j = 0; j < i; j++) {
			if (counters[j] == counters[i]) {
				return -EINVAL;
			}
		}
		slots += (info->counters[counters[i]].flags & HWCNT_FIXED) == 0U;
	}
	return slots > info->num_slots ? -ENOSPC : 0;
}

int hwcnt_select(const struct device *dev, const void *owner, const uint16_t *counters, size_t num)
{
	const struct hwcnt_driver_api *api = (const struct hwcnt_driver_api *)dev->api;
	int err = check(hwcnt_info(dev), counters, num);
	bool claimed;

	if (err == 0) {
		err = claim(dev, owner, &claimed);
	}
	if (err != 0) {
		return err;
	}
	err = api->select(dev, counters, num);
	if (num == 0U || (err != 0 && !claimed)) {
		(void)hwcnt_release(dev, owner);
	}
	return err;
}
