/** The kinds of work of a campaign, cut into units: what a unit runs, and what it results in. */
package org.smp4j.campaign.work;
