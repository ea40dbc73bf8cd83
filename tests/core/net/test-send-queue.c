/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-send-queue.h"

#include <string.h>

static void
push_text (SktSendQueue *queue, const char *text, guint16 flags)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  skt_send_queue_push (queue, bytes, flags);
}

static void
assert_peek (SktSendQueue *queue, gsize max_length, const char *expected, guint16 expected_flags)
{
  guint16 flags = 0xFFFF;
  g_autoptr (GBytes) bytes = skt_send_queue_peek (queue, max_length, &flags);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
  g_assert_cmpuint (flags, ==, expected_flags);
}

static void
test_partial_write (void)
{
  SktSendQueue queue;
  guint16 flags;

  skt_send_queue_init (&queue);
  g_assert_true (skt_send_queue_is_empty (&queue));
  g_assert_null (skt_send_queue_peek (&queue, 10, &flags));
  push_text (&queue, "", 0);
  g_assert_true (skt_send_queue_is_empty (&queue));
  push_text (&queue, "hello", 0);
  push_text (&queue, "world", 1);
  g_assert_cmpuint (queue.size, ==, 10);

  assert_peek (&queue, 3, "hel", 0);
  skt_send_queue_advance (&queue, 2);
  assert_peek (&queue, 100, "llo", 0);
  g_assert_cmpuint (queue.size, ==, 8);
  skt_send_queue_advance (&queue, 3);
  assert_peek (&queue, 100, "world", 1);
  skt_send_queue_advance (&queue, 5);
  g_assert_true (skt_send_queue_is_empty (&queue));
  g_assert_cmpuint (skt_send_queue_clear (&queue), ==, 0);
}

static void
test_clear (void)
{
  SktSendQueue queue;

  skt_send_queue_init (&queue);
  push_text (&queue, "hello", 0);
  push_text (&queue, "world", 0);
  skt_send_queue_advance (&queue, 4);
  g_assert_cmpuint (skt_send_queue_clear (&queue), ==, 6);
  g_assert_true (skt_send_queue_is_empty (&queue));
  push_text (&queue, "again", 0);
  assert_peek (&queue, 100, "again", 0);
  g_assert_cmpuint (skt_send_queue_clear (&queue), ==, 5);
}

static void
test_list (void)
{
  SktSendQueue queue;
  g_autoptr (GPtrArray) listed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  skt_send_queue_init (&queue);
  g_assert_cmpuint (skt_send_queue_list (&queue, 5, listed), ==, 0);
  push_text (&queue, "hello", 0);
  push_text (&queue, "there", 0);
  push_text (&queue, "!", 0);
  skt_send_queue_advance (&queue, 3);
  g_assert_cmpuint (skt_send_queue_list (&queue, 2, listed), ==, 3);
  g_assert_cmpuint (listed->len, ==, 2);
  g_assert_cmpmem (g_bytes_get_data (listed->pdata[0], NULL), g_bytes_get_size (listed->pdata[0]), "lo", 2);
  g_assert_cmpmem (g_bytes_get_data (listed->pdata[1], NULL), g_bytes_get_size (listed->pdata[1]), "there", 5);
  skt_send_queue_clear (&queue);
}

/* What goes in comes out, whatever the sizes: against an array that holds all of it. */
static void
test_random (void)
{
  SktSendQueue queue;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  gsize n_out = 0;

  skt_send_queue_init (&queue);
  for (guint step = 0; step < 20000; step++)
    {
      if (g_test_rand_bit ())
        {
          guint8 block[32];
          gsize length = g_test_rand_int_range (0, sizeof block);
          g_autoptr (GBytes) bytes = NULL;

          for (gsize i = 0; i < length; i++)
            block[i] = (guint8) g_test_rand_int ();
          g_byte_array_append (all, block, length);
          bytes = g_bytes_new (block, length);
          skt_send_queue_push (&queue, bytes, 0);
        }
      else
        {
          guint16 flags;
          g_autoptr (GBytes) bytes = skt_send_queue_peek (&queue, g_test_rand_int_range (1, 40), &flags);
          gsize length;

          g_assert_cmpint (bytes == NULL, ==, n_out == all->len);
          if (bytes == NULL)
            continue;
          length = g_bytes_get_size (bytes);
          g_assert_cmpmem (g_bytes_get_data (bytes, NULL), length, all->data + n_out, length);
          length = g_test_rand_int_range (0, length + 1);
          skt_send_queue_advance (&queue, length);
          n_out += length;
        }
      g_assert_cmpuint (queue.size, ==, all->len - n_out);
    }
  skt_send_queue_clear (&queue);
}

/* What one sender has in it is counted, and taken back: also from an entry that is partly written. */
static void
test_share (void)
{
  SktSendShare share = { 0, };
  SktSendQueue queue;
  g_autoptr (GBytes) mine = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GBytes) others = g_bytes_new_static ("abcde", 5);
  g_autoptr (GBytes) left = NULL;
  guint16 flags;

  skt_send_queue_init (&queue);
  skt_send_queue_push_shared (&queue, mine, 0, &share);
  skt_send_queue_push (&queue, others, 0);
  skt_send_queue_push_shared (&queue, mine, 0, &share);
  g_assert_cmpuint (share.queued, ==, 20);
  g_assert_cmpuint (skt_send_queue_get_cost (&queue), ==, 25 + 3 * SKT_SEND_QUEUE_ENTRY_COST);
  skt_send_queue_advance (&queue, 4);
  g_assert_cmpuint (share.queued, ==, 16);
  g_assert_cmpuint (share.written, ==, 4);
  g_assert_cmpuint (skt_send_queue_remove_share (&queue, &share), ==, 16);
  g_assert_cmpuint (share.queued, ==, 0);
  g_assert_cmpuint (queue.size, ==, 5);
  left = skt_send_queue_peek (&queue, 100, &flags);
  g_assert_true (g_bytes_equal (left, others));

  /* one of another that is partly written stays where it is */
  skt_send_queue_advance (&queue, 2);
  skt_send_queue_push_shared (&queue, mine, 0, &share);
  g_assert_cmpuint (skt_send_queue_remove_share (&queue, &share), ==, 10);
  g_assert_cmpuint (queue.size, ==, 3);
  skt_send_queue_push_shared (&queue, mine, 0, &share);
  g_assert_cmpuint (skt_send_queue_clear (&queue), ==, 13);
  g_assert_cmpuint (share.queued, ==, 0);
  g_assert_cmpuint (share.written, ==, 4);
}

static void
push_shaped (SktSendQueue *queue, const char *text, guint piece, guint pause_ms, guint join, gconstpointer owner)
{
  const SktShape shape = { .piece = piece, .pause_ms = pause_ms, .join = join };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  skt_send_queue_push_shaped (queue, bytes, 0, &shape, owner);
}

static void
test_pieces (void)
{
  SktSendQueue queue;

  skt_send_queue_init (&queue);
  push_shaped (&queue, "abcdefgh", 3, 7, 0, NULL);
  push_text (&queue, "after", 0);
  assert_peek (&queue, 100, "abc", 0);
  /* half of a piece: the rest of it without a pause */
  g_assert_cmpuint (skt_send_queue_advance (&queue, 2), ==, 0);
  assert_peek (&queue, 100, "c", 0);
  g_assert_cmpuint (skt_send_queue_advance (&queue, 1), ==, 7);
  assert_peek (&queue, 2, "de", 0);
  g_assert_cmpuint (skt_send_queue_advance (&queue, 0), ==, 0);
  assert_peek (&queue, 100, "def", 0);
  g_assert_cmpuint (skt_send_queue_advance (&queue, 3), ==, 7);
  assert_peek (&queue, 100, "gh", 0);
  /* what comes after them waits too */
  g_assert_cmpuint (skt_send_queue_advance (&queue, 2), ==, 7);
  assert_peek (&queue, 100, "after", 0);
  g_assert_cmpuint (skt_send_queue_advance (&queue, 5), ==, 0);
  g_assert_true (skt_send_queue_is_empty (&queue));
}

static void
test_join (void)
{
  SktSendQueue queue;
  guint16 flags;

  skt_send_queue_init (&queue);
  push_shaped (&queue, "one", 0, 0, 3, NULL);
  push_shaped (&queue, "two", 0, 0, 3, NULL);
  g_assert_cmpuint (queue.size, ==, 6);
  g_assert_cmpuint (skt_send_queue_get_held (&queue), ==, 6);
  g_assert_null (skt_send_queue_peek (&queue, 100, &flags));
  push_shaped (&queue, "three", 0, 0, 3, NULL);
  g_assert_cmpuint (skt_send_queue_get_held (&queue), ==, 0);
  push_shaped (&queue, "four", 0, 0, 3, NULL);
  assert_peek (&queue, 100, "onetwothree", 0);
  skt_send_queue_advance (&queue, 11);
  g_assert_null (skt_send_queue_peek (&queue, 100, &flags));
  /* something else is sent: what was collected goes before it */
  push_text (&queue, "else", 1);
  assert_peek (&queue, 100, "four", 0);
  skt_send_queue_advance (&queue, 4);
  assert_peek (&queue, 100, "else", 1);
  skt_send_queue_advance (&queue, 4);
  push_shaped (&queue, "five", 0, 0, 3, NULL);
  skt_send_queue_release (&queue);
  assert_peek (&queue, 100, "five", 0);
  push_shaped (&queue, "six", 0, 0, 3, NULL);
  g_assert_cmpuint (skt_send_queue_clear (&queue), ==, 7);
}

static void
test_join_bound (void)
{
  SktSendQueue queue;
  g_autofree char *half = g_strnfill (SKT_SHAPE_JOIN_BOUND / 2, 'x');

  skt_send_queue_init (&queue);
  push_shaped (&queue, half, 0, 0, 1000, NULL);
  g_assert_cmpuint (skt_send_queue_get_held (&queue), ==, SKT_SHAPE_JOIN_BOUND / 2);
  push_shaped (&queue, half, 0, 0, 1000, NULL);
  g_assert_cmpuint (skt_send_queue_get_held (&queue), ==, 0);
  skt_send_queue_clear (&queue);
}

static void
test_drop (void)
{
  SktSendQueue queue;
  int me, other;

  skt_send_queue_init (&queue);
  push_shaped (&queue, "begun", 0, 0, 0, &me);
  push_shaped (&queue, "mine", 0, 0, 0, &me);
  push_shaped (&queue, "other", 0, 0, 0, &other);
  push_shaped (&queue, "a", 0, 0, 5, &me);
  push_shaped (&queue, "b", 0, 0, 5, &me);
  skt_send_queue_advance (&queue, 2);
  g_assert_cmpuint (skt_send_queue_drop (&queue, &me), ==, 3);
  g_assert_cmpuint (queue.size, ==, 8);
  assert_peek (&queue, 100, "gun", 0);
  skt_send_queue_advance (&queue, 3);
  assert_peek (&queue, 100, "other", 0);
  skt_send_queue_advance (&queue, 5);

  push_shaped (&queue, "pieces", 2, 1, 0, NULL);
  push_text (&queue, "plain", 0);
  push_shaped (&queue, "held", 0, 0, 2, NULL);
  skt_send_queue_advance (&queue, 1);
  g_assert_cmpuint (skt_send_queue_drop_shaped (&queue), ==, 9);
  g_assert_cmpuint (queue.size, ==, 5);
  assert_peek (&queue, 100, "plain", 0);
  skt_send_queue_clear (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/send-queue/partial-write", test_partial_write);
  g_test_add_func ("/core/send-queue/clear", test_clear);
  g_test_add_func ("/core/send-queue/list", test_list);
  g_test_add_func ("/core/send-queue/pieces", test_pieces);
  g_test_add_func ("/core/send-queue/join", test_join);
  g_test_add_func ("/core/send-queue/join-bound", test_join_bound);
  g_test_add_func ("/core/send-queue/drop", test_drop);
  g_test_add_func ("/core/send-queue/random", test_random);
  g_test_add_func ("/core/send-queue/share", test_share);
  return g_test_run ();
}
