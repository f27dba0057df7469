/** Options that several commands have: the scenario, how a failure is shown, and its trace. */
package org.smp4j.cli.options;
