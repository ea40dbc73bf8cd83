/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-sequence.h"
#include "skt-error.h"
#include "skt-json.h"
#include "skt-sequence-json.h"

#define BEGIN "{\"format\": \"socketeer-sequences\", \"version\": 1, \"sequences\": [{\"name\": \"a\", \"steps\": ["
#define END "]}]}"

/* One of each kind. */
static char *
format (GPtrArray *sequences, gsize *ret_length)
{
  g_autoptr (JsonObject) object = skt_sequences_to_json (sequences);

  return skt_json_format (object, ret_length);
}

static GPtrArray *
parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonObject) object = skt_json_parse (text, length, error);

  return object != NULL ? skt_sequences_from_json (object, error) : NULL;
}

static SktSequence *
everything_new (void)
{
  GPtrArray *steps = check_steps_new ();
  SktStepSettings late = { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_TEXT, .text = "\001ü\"", .timeout_ms = 7, .goes_on = TRUE };

  check_steps_send (steps, "a\\x00 ${1}\n");
  check_steps_send_hex (steps, "00 ff");
  check_steps_wait (steps, SKT_MATCH_REGEX, "^(\\d+)$", 0);
  check_steps_wait (steps, SKT_MATCH_HEX, "00 ?f", 5000);
  check_steps_wait (steps, SKT_MATCH_FRAME, "", 1);
  late.encoding = SKT_ENCODING_GB18030;
  check_steps_add (steps, &late);
  check_steps_wait (steps, SKT_MATCH_ANY, "", SKT_STEP_MAX_MS);
  check_steps_pause (steps, 20);
  check_steps_repeat (steps, 1, 0);
  check_steps_repeat (steps, 2, SKT_STEP_MAX_COUNT);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .by_count = TRUE, .count = 5, .is_failure = TRUE });
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .match = SKT_MATCH_TEXT, .text = "x" });
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_WAIT_END, .timeout_ms = 3, .goes_on = TRUE });
  check_steps_kind (steps, SKT_STEP_FINISH);
  check_steps_kind (steps, SKT_STEP_CLOSE);
  return check_sequence_new (steps);
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) sequences = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_sequence_unref);
  g_autoptr (GPtrArray) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *again = NULL;
  gsize length;
  SktSequence *sequence;
  const SktStepSettings *settings;

  g_ptr_array_add (sequences, everything_new ());
  g_ptr_array_add (sequences, skt_sequence_new ("empty", NULL));
  text = format (sequences, &length);
  back = parse (text, (gssize) length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 2);
  sequence = back->pdata[0];
  g_assert_cmpuint (skt_sequence_get_n_steps (sequence), ==, skt_sequence_get_n_steps (sequences->pdata[0]));
  settings = skt_step_get_settings (skt_sequence_get_step (sequence, 5));
  g_assert_cmpstr (settings->text, ==, "\001ü\"");
  g_assert_cmpint (settings->encoding, ==, SKT_ENCODING_GB18030);
  g_assert_true (settings->goes_on);
  g_assert_false (settings->match_case);
  settings = skt_step_get_settings (skt_sequence_get_step (sequence, 4));
  g_assert_cmpint (settings->frame.line_ending, ==, SKT_LINE_ENDING_CRLF);
  settings = skt_step_get_settings (skt_sequence_get_step (sequence, 10));
  g_assert_true (settings->by_count && settings->is_failure && settings->count == 5);
  settings = skt_step_get_settings (skt_sequence_get_step (sequence, 0));
  g_assert_cmpstr (skt_message_get_settings (settings->message)->source, ==, "a\\x00 ${1}\n");
  /* All of it. */
  again = format (back, NULL);
  g_assert_cmpstr (again, ==, text);
}

static void
assert_bad (const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, -1, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static void
test_damaged (void)
{
  assert_bad ("", NULL);
  assert_bad ("{", NULL);
  assert_bad ("[]", NULL);
  assert_bad ("{}", "It is no file of sequences");
  assert_bad ("{\"format\": \"socketeer-sequences\", \"version\": 2}", "It is of a newer version of this program");
  assert_bad ("{\"format\": \"socketeer-sequences\", \"version\": 1, \"sequences\": [5]}", "sequence 1: it is no object");
  assert_bad ("{\"format\": \"socketeer-sequences\", \"version\": 1, \"sequences\": {}}", NULL);
  assert_bad (BEGIN "7" END, "sequence 1: step 1: it is no object");
  assert_bad (BEGIN "{}" END, "sequence 1: step 1: “kind” is missing");
  assert_bad (BEGIN "{\"kind\": \"fly\"}" END, NULL);
  assert_bad (BEGIN "{\"kind\": \"send\"}" END, "sequence 1: step 1: “message” is missing");
  assert_bad (BEGIN "{\"kind\": \"send\", \"message\": {\"form\": \"hex\", \"source\": \"0\"}}" END, NULL);
  assert_bad (BEGIN "{\"kind\": \"pause\"}" END, "sequence 1: step 1: A pause lasts from 1 ms to a day (86400000 ms)");
  assert_bad (BEGIN "{\"kind\": \"pause\", \"ms\": -1}" END, NULL);
  assert_bad (BEGIN "{\"kind\": \"pause\", \"ms\": 1}, {\"kind\": \"pause\", \"ms\": 99999999999}" END, NULL);
  assert_bad (BEGIN "{\"kind\": \"wait\", \"match\": \"hex\", \"text\": \"zz\"}" END, NULL);
  assert_bad (BEGIN "{\"kind\": \"wait\", \"match\": \"text\", \"text\": \"a\", \"encoding\": \"morse\"}" END,
              "sequence 1: step 1: “encoding” is “morse”, which is not known");
  assert_bad (BEGIN "{\"kind\": \"wait\", \"match\": \"frame\", \"frame\": \"fixed 0\"}" END, NULL);
}

/* Whatever is cut off or changed, it is refused or read: nothing else. */
static void
test_mutations (void)
{
  g_autoptr (GPtrArray) sequences = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_sequence_unref);
  g_autofree char *text = NULL;
  gsize length;

  g_ptr_array_add (sequences, everything_new ());
  text = format (sequences, &length);
  /* All but the line feed at the end is needed. */
  for (gsize i = 0; i + 2 < length; i += 3)
    {
      g_autoptr (GPtrArray) back = parse (text, (gssize) i, NULL);

      g_assert_null (back);
    }
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *changed = g_memdup2 (text, length + 1);
      g_autoptr (GPtrArray) back = NULL;

      changed[g_test_rand_int_range (0, (int) length)] = (char) g_test_rand_int_range (0, 256);
      back = parse (changed, (gssize) length, NULL);
      g_assert_true (back == NULL || back->len <= 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sequence-json/round-trip", test_round_trip);
  g_test_add_func ("/core/sequence-json/damaged", test_damaged);
  g_test_add_func ("/core/sequence-json/mutations", test_mutations);
  return g_test_run ();
}
