/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-sha256.h"

#include <string.h>

static char *
compute (const guint8 *data, gsize length, gsize first)
{
  g_autoptr (SktSha256) sha256 = skt_sha256_new ();

  skt_sha256_update (sha256, data, first);
  skt_sha256_update (sha256, data + first, length - first);
  return skt_sha256_finish (sha256);
}

/* FIPS 180-4, and a million letters. */
static void
test_known (void)
{
  g_autofree char *empty = compute ((guint8 *) "", 0, 0), *abc = compute ((guint8 *) "abc", 3, 1), *million = NULL;
  g_autofree guint8 *letters = g_malloc (1000000);

  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  memset (letters, 'a', 1000000);
  million = compute (letters, 1000000, 333333);
  g_assert_cmpstr (million, ==, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around its blocks, cut anywhere, against GLib's. */
static void
test_lengths (void)
{
  guint8 data[300];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = g_test_rand_int ();
  for (gsize length = 0; length <= sizeof data; length++)
    {
      g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
      g_autofree char *got = compute (data, length, g_test_rand_int_range (0, length + 1));

      g_assert_cmpstr (got, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sha256/known", test_known);
  g_test_add_func ("/core/sha256/lengths", test_lengths);
  return g_test_run ();
}
