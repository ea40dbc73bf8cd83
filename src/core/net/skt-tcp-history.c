/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-tcp-history.h"

struct _SktTcpHistory
{
  GArray *samples;              /* SktTcpInfo, grows up to SKT_TCP_HISTORY_SIZE, then a ring */
  guint first;                  /* index of the oldest */
};

SktTcpHistory *
skt_tcp_history_new (void)
{
  SktTcpHistory *self = g_new0 (SktTcpHistory, 1);

  self->samples = g_array_new (FALSE, FALSE, sizeof (SktTcpInfo));
  return self;
}

void
skt_tcp_history_free (SktTcpHistory *self)
{
  g_array_unref (self->samples);
  g_free (self);
}

void
skt_tcp_history_add (SktTcpHistory *self, const SktTcpInfo *sample)
{
  if (self->samples->len < SKT_TCP_HISTORY_SIZE)
    {
      g_array_append_vals (self->samples, sample, 1);
      return;
    }
  g_array_index (self->samples, SktTcpInfo, self->first) = *sample;
  self->first = (self->first + 1) % SKT_TCP_HISTORY_SIZE;
}

void
skt_tcp_history_clear (SktTcpHistory *self)
{
  g_array_set_size (self->samples, 0);
  self->first = 0;
}

guint
skt_tcp_history_get_n (const SktTcpHistory *self)
{
  return self->samples->len;
}

const SktTcpInfo *
skt_tcp_history_get (const SktTcpHistory *self, guint i)
{
  g_return_val_if_fail (i < self->samples->len, NULL);
  return &g_array_index (self->samples, SktTcpInfo, (self->first + i) % self->samples->len);
}

const SktTcpInfo *
skt_tcp_history_get_last (const SktTcpHistory *self)
{
  return self->samples->len > 0 ? skt_tcp_history_get (self, self->samples->len - 1) : NULL;
}

const SktTcpInfo *
skt_tcp_history_get_before (const SktTcpHistory *self, gint64 age_us)
{
  const SktTcpInfo *last = skt_tcp_history_get_last (self);

  if (self->samples->len < 2)
    return NULL;
  for (guint i = self->samples->len - 1; i > 0; i--)
    {
      const SktTcpInfo *sample = skt_tcp_history_get (self, i - 1);

      if (last->time - sample->time >= age_us)
        return sample;
    }
  return skt_tcp_history_get (self, 0);
}
