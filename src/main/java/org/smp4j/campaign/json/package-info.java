/** The JSON files of a campaign. */
package org.smp4j.campaign.json;
