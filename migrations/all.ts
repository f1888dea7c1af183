import { Migration20261123000000_house } from './Migration20261123000000_house.js';
import { Migration20261123000100_people_and_surveys } from './Migration20261123000100_people_and_surveys.js';
import { Migration20261123000200_links_and_responses } from './Migration20261123000200_links_and_responses.js';
import { Migration20261123001010_contact_search_and_imports } from './Migration20261123001010_contact_search_and_imports.js';
import { Migration20261123001011_contact_list_search } from './Migration20261123001011_contact_list_search.js';
import { Migration20261123001012_contact_constraints } from './Migration20261123001012_contact_constraints.js';
import { Migration20261123001013_list_members } from './Migration20261123001013_list_members.js';
import { Migration20261123001030_survey_uploads } from './Migration20261123001030_survey_uploads.js';
import { Migration20261123001040_distribution_sending } from './Migration20261123001040_distribution_sending.js';
import { Migration20261123001045_planning_references } from './Migration20261123001045_planning_references.js';
import { Migration20261123001050_walks } from './Migration20261123001050_walks.js';
import { Migration20261123001060_last_responses } from './Migration20261123001060_last_responses.js';
import { Migration20261123001061_summary_totals } from './Migration20261123001061_summary_totals.js';
import { Migration20261123001080_tallies_in_one_pass } from './Migration20261123001080_tallies_in_one_pass.js';
import { Migration20261124000400_sending_plans } from './Migration20261124000400_sending_plans.js';
import { Migration20261124000410_sending_times } from './Migration20261124000410_sending_times.js';
import { Migration20261124000420_outlooks } from './Migration20261124000420_outlooks.js';
import { Migration20261124000600_mail_words } from './Migration20261124000600_mail_words.js';
import { Migration20261124000500_follow_ups } from './Migration20261124000500_follow_ups.js';
import { Migration20261124000510_frequency_rules } from './Migration20261124000510_frequency_rules.js';
import { Migration20261124000300_coming_back } from './Migration20261124000300_coming_back.js';
import { Migration20261124000310_deliverability } from './Migration20261124000310_deliverability.js';
import { Migration20261124000320_refused_senders } from './Migration20261124000320_refused_senders.js';
import { Migration20261124000520_segments } from './Migration20261124000520_segments.js';
import { Migration20261124000521_segment_audiences } from './Migration20261124000521_segment_audiences.js';
import { Migration20261124000100_from_domains } from './Migration20261124000100_from_domains.js';
import { Migration20261124000200_relays } from './Migration20261124000200_relays.js';
import { Migration20261130174500_invited_are_no_robots } from './Migration20261130174500_invited_are_no_robots.js';
import { Migration20261130180500_active_sessions } from './Migration20261130180500_active_sessions.js';
import { Migration20261130180500_survey_pictures } from './Migration20261130180500_survey_pictures.js';
import { Migration20261130181500_draw_counts } from './Migration20261130181500_draw_counts.js';
import { Migration20261130181000_anonymous_answers } from './Migration20261130181000_anonymous_answers.js';
import { Migration20261130192000_no_start_of_the_anonymous } from './Migration20261130192000_no_start_of_the_anonymous.js';
import { Migration20261130193000_no_start_of_many_answers } from './Migration20261130193000_no_start_of_many_answers.js';
import { Migration20261130203000_pauses_of_brands } from './Migration20261130203000_pauses_of_brands.js';
import { Migration20261130215500_mails_that_go } from './Migration20261130215500_mails_that_go.js';
import { Migration20261201040500_refused_is_bounced } from './Migration20261201040500_refused_is_bounced.js';
import { Migration20261201041000_reply_forwarding } from './Migration20261201041000_reply_forwarding.js';
import { Migration20261201060000_zone_names } from './Migration20261201060000_zone_names.js';
import { Migration20261201050100_same_address } from './Migration20261201050100_same_address.js';
import { Migration20261201060100_follow_ups_per_person } from './Migration20261201060100_follow_ups_per_person.js';
import { Migration20261201090000_waves_that_ended } from './Migration20261201090000_waves_that_ended.js';
import { Migration20261201130000_library_shares } from './Migration20261201130000_library_shares.js';
import { Migration20261201110000_silent_relays } from './Migration20261201110000_silent_relays.js';
import { Migration20261201110500_behind_the_walls } from './Migration20261201110500_behind_the_walls.js';
import { Migration20261201131000_limits_of_people } from './Migration20261201131000_limits_of_people.js';
import { Migration20261201140000_latecomers } from './Migration20261201140000_latecomers.js';
import { Migration20261201100100_notices } from './Migration20261201100100_notices.js';
import { Migration20261201060200_chosen_zones } from './Migration20261201060200_chosen_zones.js';
import { Migration20261130211000_sign_in_places } from './Migration20261130211000_sign_in_places.js';
import { Migration20261130214000_api_rates } from './Migration20261130214000_api_rates.js';
import { Migration20261130213000_forgotten_starts } from './Migration20261130213000_forgotten_starts.js';
import { Migration20261130215000_evidence_of_several } from './Migration20261130215000_evidence_of_several.js';
import { Migration20261201031000_public_list_names } from './Migration20261201031000_public_list_names.js';
import { Migration20261201030000_opt_outs } from './Migration20261201030000_opt_outs.js';
import { Migration20261201070000_outlook_readers } from './Migration20261201070000_outlook_readers.js';
import { Migration20261201150000_typed_drafts } from './Migration20261201150000_typed_drafts.js';
import { Migration20261201160200_analyze_contacts } from './Migration20261201160200_analyze_contacts.js';
import { Migration20261201160000_other_ends } from './Migration20261201160000_other_ends.js';
import { Migration20261201120000_kept_opt_outs } from './Migration20261201120000_kept_opt_outs.js';
import { Migration20261201161000_sums_of_other_ends } from './Migration20261201161000_sums_of_other_ends.js';
import { Migration20261201170500_any_channel } from './Migration20261201170500_any_channel.js';
import { Migration20261201194000_mail_contents } from './Migration20261201194000_mail_contents.js';

/** Every migration in the order in which it runs; the compiled product finds them here without reading folders. */
export const allMigrations = [
  Migration20261123000000_house,
  Migration20261123000100_people_and_surveys,
  Migration20261123000200_links_and_responses,
  Migration20261123001010_contact_search_and_imports,
  Migration20261123001011_contact_list_search,
  Migration20261123001012_contact_constraints,
  Migration20261123001013_list_members,
  Migration20261123001030_survey_uploads,
  Migration20261123001040_distribution_sending,
  Migration20261123001045_planning_references,
  Migration20261123001050_walks,
  Migration20261123001060_last_responses,
  Migration20261123001061_summary_totals,
  Migration20261123001080_tallies_in_one_pass,
  Migration20261124000400_sending_plans,
  Migration20261124000410_sending_times,
  Migration20261124000420_outlooks,
  Migration20261124000600_mail_words,
  Migration20261124000500_follow_ups,
  Migration20261124000510_frequency_rules,
  Migration20261124000300_coming_back,
  Migration20261124000310_deliverability,
  Migration20261124000320_refused_senders,
  Migration20261124000100_from_domains,
  Migration20261124000200_relays,
  Migration20261124000520_segments,
  Migration20261124000521_segment_audiences,
  Migration20261130174500_invited_are_no_robots,
  Migration20261130180500_active_sessions,
  Migration20261130180500_survey_pictures,
  Migration20261130181500_draw_counts,
  Migration20261130181000_anonymous_answers,
  Migration20261130192000_no_start_of_the_anonymous,
  Migration20261130193000_no_start_of_many_answers,
  Migration20261130203000_pauses_of_brands,
  Migration20261130211000_sign_in_places,
  Migration20261130214000_api_rates,
  Migration20261130213000_forgotten_starts,
  Migration20261130215000_evidence_of_several,
  Migration20261130215500_mails_that_go,
  Migration20261201030000_opt_outs,
  Migration20261201031000_public_list_names,
  Migration20261201040500_refused_is_bounced,
  Migration20261201041000_reply_forwarding,
  Migration20261201050100_same_address,
  Migration20261201060000_zone_names,
  Migration20261201060100_follow_ups_per_person,
  Migration20261201090000_waves_that_ended,
  Migration20261201100100_notices,
  Migration20261201060200_chosen_zones,
  Migration20261201070000_outlook_readers,
  Migration20261201150000_typed_drafts,
  Migration20261201130000_library_shares,
  Migration20261201131000_limits_of_people,
  Migration20261201160000_other_ends,
  Migration20261201140000_latecomers,
  Migration20261201120000_kept_opt_outs,
  Migration20261201161000_sums_of_other_ends,
  Migration20261201110000_silent_relays,
  Migration20261201160200_analyze_contacts,
  Migration20261201110500_behind_the_walls,
  Migration20261201170500_any_channel,
  Migration20261201194000_mail_contents,
].map((migration) => ({ name: migration.name, class: migration }));
