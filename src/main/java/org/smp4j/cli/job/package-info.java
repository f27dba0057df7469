/** How a command starts further processes of smp4j that do a part of its work. */
package org.smp4j.cli.job;
