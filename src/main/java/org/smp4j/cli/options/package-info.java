/** Options that several commands have: the scenario, how a failure is shown, its trace, and a floor's name. */
package org.smp4j.cli.options;
